// Package parallel runs the parts of a loop on several cores without
// allocating and without letting the number of cores into the results.
//
// Who runs a part is left to chance; what a part is must be fixed by the
// caller from the shape of the work alone. Sums over parts, added in part
// order, are then the same bits for any number of workers.
package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Pool is a fixed set of workers. The zero value and nil run everything on the
// caller's goroutine. A Pool serves one Run at a time.
type Pool struct {
	wake    []chan struct{} // one channel per helper; the caller is the remaining worker
	next    atomic.Int64
	parts   int64
	body    func(part int)
	waiting sync.WaitGroup
	failure atomic.Pointer[any] // first panic of a helper
}

// New returns a pool of the given number of workers, the caller included;
// workers ≤ 0 means one per available core. Close releases its goroutines.
func New(workers int) *Pool {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	p := &Pool{wake: make([]chan struct{}, workers-1)}
	for i := range p.wake {
		p.wake[i] = make(chan struct{}, 1)
		go p.help(p.wake[i])
	}
	return p
}

// Workers returns how many goroutines work on a Run, the caller's included.
func (p *Pool) Workers() int {
	if p == nil {
		return 1
	}
	return len(p.wake) + 1
}

// Run calls body(0) … body(parts-1), each once, in any order and possibly at
// the same time, and returns when all have returned. A panic in a part is
// raised again on the caller's goroutine after the other parts have ended.
func (p *Pool) Run(parts int, body func(part int)) {
	if p == nil || len(p.wake) == 0 || parts <= 1 {
		for part := range parts {
			body(part)
		}
		return
	}
	p.body, p.parts = body, int64(parts)
	p.next.Store(0)
	helpers := min(len(p.wake), parts-1)
	p.waiting.Add(helpers)
	for _, wake := range p.wake[:helpers] {
		wake <- struct{}{}
	}
	p.take()
	p.waiting.Wait()
	p.body = nil
	if failure := p.failure.Swap(nil); failure != nil {
		panic(*failure)
	}
}

// Close ends the pool's goroutines. The pool must not be used afterwards.
func (p *Pool) Close() {
	if p == nil {
		return
	}
	for _, wake := range p.wake {
		close(wake)
	}
	p.wake = nil
}

func (p *Pool) help(wake <-chan struct{}) {
	for range wake {
		p.take()
		p.waiting.Done()
	}
}

// take works on parts until none is left. A panic is kept for Run, so that it
// reaches whoever asked for the work instead of ending the process.
func (p *Pool) take() {
	defer func() {
		if r := recover(); r != nil {
			failure := r // only a panic may cost an allocation
			p.failure.CompareAndSwap(nil, &failure)
		}
	}()
	for {
		part := p.next.Add(1) - 1
		if part >= p.parts {
			return
		}
		p.body(int(part))
	}
}

// Split returns the bounds of part i when n items are cut into parts pieces
// that differ by at most one item.
func Split(n, parts, i int) (lo, hi int) {
	return n * i / parts, n * (i + 1) / parts
}
