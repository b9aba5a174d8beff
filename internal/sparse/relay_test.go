package sparse

import (
	"slices"
	"testing"

	"ergon/internal/parallel"
)

// Blocks that change hands have the bits of those that do not, as in a product of more rows.
func TestRelayKeepsTheBits(t *testing.T) {
	pool := parallel.New(2)
	defer pool.Close()
	for _, w := range active.plain {
		if w.spread == nil {
			continue
		}
		p, more := sample(32, 100, 784, false, 0.2), sample(chunk+1, 100, 784, false, 0.2)
		copy(more.A, p.A)
		more.B = p.B
		for range 20 {
			p.compile(w, pool)()
		}
		more.compile(w, nil)()
		if !slices.Equal(p.C, more.C[:len(p.C)]) {
			t.Errorf("groups of %d: other sums where blocks change hands", w.group)
		}
	}
}

// A panic in a block reaches the caller, though others wait for the block.
func TestRelaySurvivesAPanic(t *testing.T) {
	pool := parallel.New(2)
	defer pool.Close()
	p := sample(32, 100, 784, false, 0.2)
	p.Prologue = func(_, _, _, _ int) { panic("prologue") }
	for _, w := range active.plain {
		run := p.compile(w, pool)
		func() {
			defer func() {
				if r := recover(); r != "prologue" {
					t.Errorf("recovered %v, want the panic of the prologue", r)
				}
			}()
			run()
		}()
	}
}
