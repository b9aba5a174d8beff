package parallel

import (
	"runtime"
	"sync/atomic"
	"time"
)

// patience is how long a helper looks out for the next call, and a caller for
// the end of one, before it goes to sleep. To wake a core that sleeps takes up to
// 50 µs on a virtual machine, longer than many a loop of a training step.
const patience = 200 * time.Microsecond

// helper is a goroutine that does the same work each time it is called.
type helper struct {
	calls         atomic.Uint32 // made so far
	done          atomic.Uint32 // of them answered
	_             [56]byte
	asleep, tired bed // the helper, its caller
	over          bool
}

// bed is where one side sleeps until the other wakes it.
type bed struct {
	occupied atomic.Bool
	alarm    chan struct{}
}

func newBed() bed { return bed{alarm: make(chan struct{}, 1)} }

// wake wakes who sleeps, if anybody does.
func (b *bed) wake() {
	if b.occupied.Load() && b.occupied.CompareAndSwap(true, false) {
		b.alarm <- struct{}{}
	}
}

// until returns when counter has another value than last: at once, soon, or after
// a sleep that wake ends.
func (b *bed) until(counter *atomic.Uint32, last uint32) {
	for !changes(counter, last) {
		b.occupied.Store(true)
		if counter.Load() != last && b.occupied.CompareAndSwap(true, false) {
			return // nobody has seen that the bed was occupied
		}
		// An alarm may be meant for an earlier sleep, by who saw the bed occupied then.
		<-b.alarm
	}
}

// changes looks at the counter for a while, and says whether it has another value.
func changes(counter *atomic.Uint32, last uint32) bool {
	var start time.Time
	for looks := 1; counter.Load() == last; looks++ {
		if looks%256 > 0 {
			continue
		}
		if start.IsZero() {
			start = time.Now()
		} else if time.Since(start) > patience {
			return false
		}
		runtime.Gosched() // whoever else has work goes first
	}
	return true
}

func newHelper() *helper { return &helper{asleep: newBed(), tired: newBed()} }

// serve answers calls by work until it is dismissed.
func (h *helper) serve(work func()) {
	for answered := uint32(0); ; answered++ {
		h.asleep.until(&h.calls, answered)
		if h.over {
			return
		}
		work()
		h.done.Store(answered + 1)
		h.tired.wake()
	}
}

// call has the helper work. Every call is to be awaited before the next.
func (h *helper) call() {
	h.calls.Add(1)
	h.asleep.wake()
}

// await returns when the last call is answered.
func (h *helper) await() {
	if calls := h.calls.Load(); h.done.Load() != calls {
		h.tired.until(&h.done, calls-1)
	}
}

// dismiss ends the helper's goroutine.
func (h *helper) dismiss() {
	h.over = true
	h.call()
}
