package main

import (
	"fmt"
	"io"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"ergon/train"
	"ergon/train/rundir"
)

// newProgress shows a run's progress: a bar on a terminal, else one line for each
// evaluation.
func newProgress(messages *lossy) train.Hook {
	if onTerminal() {
		return &bar{messages: messages}
	}
	return &plain{out: messages}
}

// plain prints one line for each evaluation.
type plain struct {
	train.NopHook
	out io.Writer
}

// Evaluate implements train.Hook.
func (p *plain) Evaluate(r *train.Run, m *rundir.Metrics) error {
	_, err := fmt.Fprintf(p.out, "step %d of %d  epoch %.2f  loss %.4f  %s  M0 %s  M1 %.4g  %.0f steps/s\n",
		m.Step, r.Limit(), m.Epoch, m.TrainLoss, accuracies(m), count(m.M0), m.M1, float64(m.Step)/m.Wall)
	return err
}

// bar is a live progress bar.
type bar struct {
	train.NopHook
	messages *lossy
	progress *mpb.Progress
	line     *mpb.Bar
	shown    int                    // steps that the bar says
	status   atomic.Pointer[string] // what the bar's own goroutine prints
}

// refresh is the number of steps between two updates of the bar: so many that updates
// cost nothing at 20 000 steps a second.
const refresh = 64

// Start implements train.Hook.
func (b *bar) Start(r *train.Run) error {
	start := ""
	b.status.Store(&start)
	b.progress = b.messages.bars(32)
	b.line = b.progress.AddBar(int64(r.Limit()),
		mpb.PrependDecorators(decor.Name(r.Config.Name+" "), decor.Percentage()),
		mpb.AppendDecorators(
			decor.Any(func(decor.Statistics) string { return *b.status.Load() }),
			decor.AverageSpeed(0, "  %.0f steps/s"),
			decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO),
		))
	return nil
}

// Step implements train.Hook.
func (b *bar) Step(r *train.Run) error {
	if r.Steps >= b.shown+refresh {
		b.shown = r.Steps
		b.line.SetCurrent(int64(r.Steps))
	}
	return nil
}

// Evaluate implements train.Hook.
func (b *bar) Evaluate(_ *train.Run, m *rundir.Metrics) error {
	s := fmt.Sprintf("  loss %.3f  %s  M0 %s", m.TrainLoss, accuracies(m), count(m.M0))
	b.status.Store(&s)
	b.line.SetCurrent(int64(m.Step))
	return nil
}

// End implements train.Hook.
func (b *bar) End(r *train.Run, _ *rundir.Summary) error {
	b.line.SetCurrent(int64(r.Steps))
	b.line.Abort(false) // leave the line as it is, also where the budget was not spent
	b.progress.Wait()
	return nil
}
