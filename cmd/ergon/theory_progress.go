package main

import (
	"context"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"ergon/theory"
)

// showProgress shows how far the computations of the returned context are, where
// a person watches. finish must be called before anything else is written.
func showProgress(ctx context.Context, messages *lossy, name string) (watched context.Context, finish func()) {
	if !onTerminal() {
		return ctx, func() {}
	}
	b := &theoryBar{all: messages.bars(32), name: name}
	return theory.WithProgress(ctx, b.observe), b.finish
}

// theoryBar is the bar of a theory, or one after the other of its several computations.
type theoryBar struct {
	lock  sync.Mutex
	all   *mpb.Progress
	name  string
	line  *mpb.Bar
	total int
}

func (b *theoryBar) observe(done, total int) {
	b.lock.Lock()
	defer b.lock.Unlock()
	if b.line == nil || b.total != total {
		b.leave()
		b.total = total
		b.line = b.all.AddBar(int64(total),
			mpb.PrependDecorators(decor.Name(b.name+" "), decor.Percentage()),
			mpb.AppendDecorators(decor.AverageETA(decor.ET_STYLE_GO)))
	}
	if int64(done) > b.line.Current() {
		b.line.SetCurrent(int64(done))
	}
}

// leave ends the line of the computation so far.
func (b *theoryBar) leave() {
	if b.line != nil {
		b.line.Abort(true)
	}
}

func (b *theoryBar) finish() {
	b.leave()
	b.all.Wait()
}
