// Package parallel runs the parts of a loop on several cores without
// allocating and without letting the number of cores into the results.
//
// Who runs a part is left to chance; what a part is must be fixed by the
// caller from the shape of the work alone. Sums over parts, added in part
// order, are then the same bits for any number of workers.
package parallel

import (
	"runtime"
	"sync/atomic"
)

// Pool is a fixed set of workers. The zero value and nil run everything on the
// caller's goroutine. A Pool serves one Run at a time.
type Pool struct {
	helpers []*helper // the caller is the remaining worker
	shares  []share   // of each worker in the Run in progress
	body    func(part int)
	failure atomic.Pointer[any] // first panic of a helper
}

// New returns a pool of the given number of workers, the caller included;
// workers ≤ 0 means one per available core. Close releases its goroutines.
func New(workers int) *Pool {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	p := &Pool{helpers: make([]*helper, workers-1), shares: make([]share, workers)}
	for i := range p.helpers {
		h := newHelper()
		p.helpers[i] = h
		go h.serve(func() { p.take(i + 1) })
	}
	return p
}

// Workers returns how many goroutines work on a Run, the caller's included.
func (p *Pool) Workers() int {
	if p == nil {
		return 1
	}
	return len(p.helpers) + 1
}

// Run calls body(0) … body(parts-1), each once, in any order and possibly at
// the same time, and returns when all have returned. A panic in a part is
// raised again on the caller's goroutine after the other parts have ended.
//
// Neighbouring parts go to one worker, the same in every Run of so many parts
// unless it falls behind: what it has written in one Run is still in its cache
// in the next.
func (p *Pool) Run(parts int, body func(part int)) {
	if p == nil || len(p.helpers) == 0 || parts <= 1 {
		for part := range parts {
			body(part)
		}
		return
	}
	p.body = body
	helpers := p.helpers[:min(len(p.helpers), parts-1)]
	p.shares = p.shares[:len(helpers)+1]
	for i := range p.shares {
		p.shares[i].set(Split(parts, len(p.shares), i))
	}
	for _, h := range helpers {
		h.call()
	}
	p.take(0)
	for _, h := range helpers {
		h.await()
	}
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
	for _, h := range p.helpers {
		h.dismiss()
	}
	p.helpers = nil
}

// take works on a worker's own share and then on what is left of the others',
// until nothing is. A panic is kept for Run, so that it reaches whoever asked
// for the work instead of ending the process.
func (p *Pool) take(worker int) {
	defer func() {
		if r := recover(); r != nil {
			failure := r // only a panic may cost an allocation
			p.failure.CompareAndSwap(nil, &failure)
		}
	}()
	for i := range p.shares {
		s := &p.shares[(worker+i)%len(p.shares)]
		for {
			part, ok := s.next()
			if !ok {
				break
			}
			p.body(part)
		}
	}
}

// share is the parts that a worker begins with, in a cache line of its own.
type share struct {
	at  atomic.Int64
	end int64
	_   [48]byte
}

func (s *share) set(lo, hi int) {
	s.end = int64(hi)
	s.at.Store(int64(lo))
}

func (s *share) next() (part int, ok bool) {
	at := s.at.Add(1) - 1
	return int(at), at < s.end
}

// Split returns the bounds of part i when n items are cut into parts pieces
// that differ by at most one item.
func Split(n, parts, i int) (lo, hi int) {
	return n * i / parts, n * (i + 1) / parts
}
