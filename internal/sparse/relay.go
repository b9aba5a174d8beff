package sparse

import (
	"runtime"
	"sync/atomic"
)

// relay passes blocks of C from one stretch of rows of B to the next, so that a worker reads in each run the
// rows of B, and the numbers of A, that it has read before. Of a layer with few units these are the weights that the worker
// learns, since their gradient, too, is cut by inputs: were the columns shared out, half of the weights would change caches
// twice a step, which takes longer than to wait for the first block. Terms are added in the same order.
type relay []handover

// handover counts the stretches that a block has behind it, in a cache line of its own.
type handover struct {
	stretches atomic.Int32
	_         [60]byte
}

// start opens a run: no block has a stretch behind it.
func (r relay) start() {
	for n := range r {
		r[n].stretches.Store(0)
	}
}

// await returns when a block has so many stretches behind it.
func (r relay) await(n, stretches int) {
	for looks := 1; int(r[n].stretches.Load()) < stretches; looks++ {
		if looks%256 == 0 {
			runtime.Gosched() // the other worker may need this core
		}
	}
}

// relayPart adds the products of a stretch of rows of B to all blocks of C, one after the other. The share of the caller of
// a pool begins with the first stretch, which waits for nobody.
func (q *product) relayPart(stretch int) {
	blocks := len(q.relay)
	done := 0
	defer func() { // even if a function that was handed in panics, or others would wait
		for ; done < blocks; done++ {
			q.relay[done].stretches.Store(int32(stretch + 1))
		}
	}()
	for ; done < blocks; done++ {
		q.relay.await(done, stretch)
		q.spreadBlock(done, stretch)
		q.relay[done].stretches.Store(int32(stretch + 1))
	}
}
