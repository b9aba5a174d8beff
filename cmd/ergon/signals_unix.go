//go:build unix

package main

import (
	"errors"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
)

// signals are those by which people, terminals and batch systems ask a program to end:
//
//	INT   Ctrl-C; LSF, first
//	TERM  kill; Slurm, PBS, LSF, HTCondor, Flux, Kubernetes, systemd, before they kill
//	HUP   a terminal that went away; systemd's SendSIGHUP
//	USR1  Slurm's --signal by custom; SGE's -notify before it suspends, and its s_rt; Flux
//	USR2  LSF at the end of a run's time; SGE's -notify before it kills; OAR's --checkpoint
//	XCPU  CPU time used up: ulimit -t; LSF; SGE's s_cpu and s_vmem
//	ALRM  the time set by a program that then started this one
//
// QUIT stays what it is to a Go program: it prints where the program is, and ends it.
var signals = []os.Signal{
	os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGXCPU, syscall.SIGALRM,
}

// endSignals returns the signals to listen to.
func endSignals() (list []os.Signal) {
	for _, s := range slices.Concat(signals, systemSignals) {
		// INT is listened to even if it is ignored, as a shell does for commands before an
		// ampersand: LSF sends it to them first, and they should end with results.
		if s != syscall.SIGHUP || !signal.Ignored(s) {
			list = append(list, s)
		}
	}
	return list
}

// ignoreBrokenPipes makes a write to a pipe that nobody reads an error, also for standard
// output and standard error.
func ignoreBrokenPipes() { signal.Ignore(syscall.SIGPIPE) }

// unread ends the program without a word, as a write to a pipe that nobody reads does
// where that is not ignored, if this is what err says of a result that is only printed.
// Other errors are returned.
func unread(err error) error {
	if errors.Is(err, syscall.EPIPE) {
		signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) // Reset alone leaves it ignored
		signal.Reset(syscall.SIGPIPE)
		_, _ = os.Stdout.WriteString("\n") // Go ends the program here if nobody reads it
	}
	return err
}

// signalName is a signal's name, such as SIGTERM.
func signalName(s os.Signal) string {
	if number, ok := s.(syscall.Signal); ok && unix.SignalName(number) != "" {
		return unix.SignalName(number)
	}
	return s.String()
}
