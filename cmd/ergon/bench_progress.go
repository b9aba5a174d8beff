package main

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"ergon/sweep"
	"ergon/train/rundir"
)

// newBenchProgress returns what shows how far a benchmark is: a bar where a
// person watches, and otherwise a plain line for each run that ends.
func newBenchProgress(messages *lossy, name string) (observe func(sweep.Progress), finish func()) {
	if !onTerminal() {
		return func(p sweep.Progress) {
			if p.Ended != nil {
				fmt.Fprintf(messages, "%d of %d  %s\n", p.Done, p.Total, describeRun(p.Ended))
			}
		}, func() {}
	}
	b := &benchBar{messages: messages, name: name, started: time.Now()}
	return b.observe, b.finish
}

// benchBar is the live progress bar of a benchmark.
type benchBar struct {
	messages *lossy
	name     string
	started  time.Time
	first    int // runs that were finished before
	all      *mpb.Progress
	line     *mpb.Bar
	status   atomic.Pointer[string] // what the bar's own goroutine prints
}

func (b *benchBar) observe(p sweep.Progress) {
	b.say(p)
	if b.line == nil {
		b.first = p.Done
		b.all = b.messages.bars(24)
		b.line = b.all.AddBar(int64(p.Total),
			mpb.PrependDecorators(decor.Name(b.name+" "), decor.CountersNoUnit("%d of %d")),
			mpb.AppendDecorators(decor.Elapsed(decor.ET_STYLE_GO), decor.Any(func(decor.Statistics) string { return *b.status.Load() })))
	}
	b.line.SetCurrent(int64(p.Done))
}

// say sets what stands beside the bar: how many run, and when the rest may be
// done if runs take as long as those of this call.
func (b *benchBar) say(p sweep.Progress) {
	status := fmt.Sprintf("  %d running", p.Running)
	if made := p.Done - b.first; b.line != nil && made > 0 {
		left := time.Since(b.started) / time.Duration(made) * time.Duration(p.Total-p.Done)
		status += fmt.Sprintf("  about %v to go", left.Round(time.Second))
	}
	b.status.Store(&status)
}

func (b *benchBar) finish() {
	if b.line != nil {
		b.line.Abort(false) // leave the line as it is, also after an interrupt
		b.all.Wait()
	}
}

// describeRun is the line of a run that ended.
func describeRun(o *sweep.Outcome) string {
	head := fmt.Sprintf("%s  seed %d  ", o.Label, o.Seed)
	if o.Err != nil {
		return head + "failed: " + o.Err.Error()
	}
	s := o.Summary
	return head + fmt.Sprintf("%s  %d presentations  %s  M0 %s  M1 %.4g  %.1f s",
		strings.ReplaceAll(o.Status(), "_", " "), s.Samples, achieved(s), count(s.Energy.M0), s.Energy.M1, s.Wall)
}

// achieved says how far a run came: its log-likelihood, or its best accuracy.
func achieved(s *rundir.Summary) string {
	switch {
	case s.Likelihood != nil:
		return fmt.Sprintf("log-likelihood %.2f", s.Likelihood.Test)
	case s.NoLikelihood != "":
		return "log-likelihood not known"
	}
	best := "best "
	if s.Sustained != nil {
		best += fmt.Sprintf("mean of %d ", s.Evaluations)
	}
	if s.Validated != nil {
		best += "validation "
	}
	return best + percent(s.BestGoalAccuracy())
}
