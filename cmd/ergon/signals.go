package main

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// sameRequest is the time within which a signal that comes twice is one request to end:
// timeout(1) and srun send theirs to the process and to its group.
const sameRequest = 250 * time.Millisecond

// signalHelp ends the help of the commands that may run for long.
const signalHelp = `

A signal that asks it to end (INT, TERM, HUP, USR1, USR2, XCPU, ALRM; on Linux PWR)
ends it with exit code 75:
`

// insist are the signals that kill the program where they come a second time, as from a
// person who does not want to wait. One after another of them does not: LSF sends INT,
// TERM ten seconds later, and KILL after another ten.
var insist = []os.Signal{os.Interrupt, syscall.SIGTERM}

// stopped is the cause of a context that a signal ended.
type stopped struct{ signal os.Signal }

func (s stopped) Error() string { return signalName(s.signal) }

// endOnSignal returns a context that ends with the first signal that asks the program to
// end; its cause names the signal. A second INT, or a second TERM, kills the program at
// once. HUP is not listened to under nohup, which starts programs with HUP ignored.
//
// From now on a write to a pipe that nobody reads is an error and no longer the end of
// the program. release stops listening.
func endOnSignal() (ctx context.Context, release func()) {
	ignoreBrokenPipes()
	ctx, cancel := context.WithCancelCause(context.Background())
	received := make(chan os.Signal, 8)
	signal.Notify(received, endSignals()...)
	done := make(chan struct{})
	go func() {
		first := map[os.Signal]time.Time{}
		for {
			select {
			case <-done:
				return
			case s := <-received:
				cancel(stopped{s}) // the first cause stays
				if at, again := first[s]; !again {
					first[s] = time.Now()
				} else if slices.Contains(insist, s) && time.Since(at) > sameRequest {
					die(s)
				}
			}
		}
	}()
	return ctx, func() {
		signal.Stop(received)
		close(done)
		cancel(nil)
	}
}

// die ends the program as a signal does that nobody listens to, so that whoever waits for
// it sees the signal.
func die(s os.Signal) {
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(time.Second)
	}
	os.Exit(exitInterrupted)
}

// explainSignals adds to the help of a command what a signal does to it.
func explainSignals(c *cobra.Command, what string) *cobra.Command {
	c.Long += signalHelp + what
	return c
}
