package parallel

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

func TestRunCallsEachPartOnce(t *testing.T) {
	for _, workers := range []int{1, 2, 7} {
		p := New(workers)
		for _, parts := range []int{0, 1, 2, 5, 1000} {
			calls := make([]atomic.Int32, parts)
			p.Run(parts, func(i int) { calls[i].Add(1) })
			for i := range calls {
				if n := calls[i].Load(); n != 1 {
					t.Fatalf("%d workers, %d parts: part %d ran %d times", workers, parts, i, n)
				}
			}
		}
		p.Close()
	}
}

func TestPanicReachesTheCallerAndThePoolSurvives(t *testing.T) {
	p := New(4)
	defer p.Close()
	for range 50 {
		func() {
			defer func() {
				if r := recover(); r != "part 17" {
					t.Fatalf("recovered %v, want part 17", r)
				}
			}()
			p.Run(100, func(i int) {
				if i == 17 {
					panic("part 17")
				}
			})
		}()
	}
	var n atomic.Int32
	p.Run(10, func(int) { n.Add(1) })
	if n.Load() != 10 {
		t.Errorf("after a panic only %d of 10 parts ran", n.Load())
	}
}

func TestSplitCovers(t *testing.T) {
	for n := range 50 {
		for parts := 1; parts < 20; parts++ {
			end := 0
			for i := range parts {
				lo, hi := Split(n, parts, i)
				if lo != end || hi-lo > n/parts+1 {
					t.Fatalf("Split(%d, %d, %d) = %d, %d", n, parts, i, lo, hi)
				}
				end = hi
			}
			if end != n {
				t.Fatalf("Split(%d, %d) ends at %d", n, parts, end)
			}
		}
	}
}

func BenchmarkRun(b *testing.B) {
	p := New(2)
	defer p.Close()
	body := func(int) {}
	b.ReportAllocs()
	for range b.N {
		p.Run(2, body)
	}
}

// TestCallsAfterASleep makes Runs so far apart that helpers have gone to sleep, and
// so close that they have not, from bodies that take their time as well.
func TestCallsAfterASleep(t *testing.T) {
	p := New(3)
	defer p.Close()
	var n atomic.Int32
	runs := int32(0)
	for _, pause := range []time.Duration{0, 0, patience / 2, patience, 2 * patience, 5 * patience, 0} {
		for _, work := range []time.Duration{0, patience / 2, 3 * patience} {
			for range 5 {
				time.Sleep(pause)
				p.Run(3, func(part int) {
					if part == 2 {
						time.Sleep(work)
					}
					n.Add(1)
				})
				if runs += 3; n.Load() != runs {
					t.Fatalf("Run returned after %d of %d parts", n.Load(), runs)
				}
			}
		}
	}
}

// TestManyRuns has more workers than cores, so that they are interrupted anywhere.
func TestManyRuns(t *testing.T) {
	p := New(5)
	defer p.Close()
	var done, want [20]int
	body := func(part int) {
		for range 200 * (part % 3) {
			runtime.KeepAlive(part)
		}
		done[part]++
	}
	for run := range 10_000 {
		parts := run * 7 % (len(done) + 1)
		p.Run(parts, body)
		for i := range parts {
			want[i]++
		}
		if done != want {
			t.Fatalf("run %d of %d parts: parts ran %v times, want %v", run, parts, done, want)
		}
	}
}
