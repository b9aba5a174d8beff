package theory

import (
	"context"
	"sync/atomic"
)

// Progress is told how much of a computation is done, from any goroutine.
type Progress func(done, total int)

type progressKey struct{}

// WithProgress returns a context whose computations report to p.
func WithProgress(ctx context.Context, p Progress) context.Context {
	return context.WithValue(ctx, progressKey{}, p)
}

// ProgressCounter returns a function to call whenever one of total parts of a computation
// is done. It tells the context's [Progress], if there is one, at once that none is.
func ProgressCounter(ctx context.Context, total int) (done func()) {
	p, ok := ctx.Value(progressKey{}).(Progress)
	if !ok {
		return func() {}
	}
	p(0, total)
	var n atomic.Int64
	return func() { p(int(n.Add(1)), total) }
}
