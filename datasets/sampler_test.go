package datasets

import (
	"math"
	"slices"
	"testing"
)

func sampler(t testing.TB, order string, n, batch int, seed uint64) *Sampler {
	t.Helper()
	s, err := NewSampler(order, n, batch, seed)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Steps asked for in any order, from any sampler, are those asked for in turn.
func TestBatchIsAPureFunctionOfTheStep(t *testing.T) {
	const n, batch = 23, 5
	for _, order := range Orders {
		inTurn, steps := sampler(t, order, n, batch, 7), make([][]int32, 40)
		for i := range steps {
			steps[i] = slices.Clone(inTurn.Batch(uint64(i)))
		}
		jumping := sampler(t, order, n, batch, 7)
		for k := range 400 {
			i := k * 17 % len(steps)
			if got := jumping.Batch(uint64(i)); !slices.Equal(got, steps[i]) {
				t.Fatalf("%s: step %d gave %v, before %v", order, i, got, steps[i])
			}
			if got := sampler(t, order, n, batch, 7).Batch(uint64(i)); !slices.Equal(got, steps[i]) {
				t.Fatalf("%s: step %d of a new sampler gave %v, want %v", order, i, got, steps[i])
			}
		}
	}
}

// The first example of a step is that of its batch, whichever step is being made, and asking for it
// leaves the batch as it is.
func TestFirstIsOfTheBatch(t *testing.T) {
	const n, batch = 23, 5
	for _, order := range Orders {
		s, other := sampler(t, order, n, batch, 7), sampler(t, order, n, batch, 7)
		if _, known := s.First(0); known != (order != "shuffle") {
			t.Errorf("%s: before an order is drawn, known is %t", order, known)
		}
		for step := range uint64(12) {
			now := s.Batch(step)
			before := slices.Clone(now)
			first, known := s.First(step + 1)
			if !slices.Equal(now, before) {
				t.Fatalf("%s, step %d: the batch became %v, it was %v", order, step, now, before)
			}
			if last := step%5 == 4; order == "shuffle" && known == last {
				t.Errorf("%s, step %d: known is %t", order, step, known)
			}
			if want := other.Batch(step + 1)[0]; known && first != want {
				t.Errorf("%s, step %d: %d comes first, want %d", order, step+1, first, want)
			}
		}
	}
}

func TestEpochIsNPresentations(t *testing.T) {
	for _, order := range Orders {
		for _, c := range []struct{ n, batch, steps int }{{23, 5, 5}, {20, 5, 4}, {1, 1, 1}, {3, 8, 1}, {8, 1, 8}} {
			s := sampler(t, order, c.n, c.batch, 0)
			if s.StepsPerEpoch() != c.steps {
				t.Errorf("%s, %d in batches of %d: %d steps, want %d", order, c.n, c.batch, s.StepsPerEpoch(), c.steps)
			}
			for epoch := range 3 {
				var seen []int32
				for i := range c.steps {
					seen = append(seen, s.Batch(uint64(epoch*c.steps+i))...)
				}
				if len(seen) != c.n {
					t.Errorf("%s: an epoch of %d presentations, want %d", order, len(seen), c.n)
				}
				if order == "replacement" {
					continue
				}
				if order == "shuffle" {
					slices.Sort(seen)
				}
				for i, v := range seen {
					if int(v) != i {
						t.Fatalf("%s: not every example once", order)
					}
				}
			}
		}
	}
}

// What steps have presented is the sum of their batches, and StepsTo is its inverse.
func TestPresentedBy(t *testing.T) {
	for _, c := range []struct{ n, batch int }{{23, 5}, {20, 5}, {1, 1}, {3, 8}, {8, 1}, {103, 100}} {
		s, sum := sampler(t, "sequential", c.n, c.batch, 0), 0
		for step := range 50 {
			if got := s.PresentedBy(step); got != sum {
				t.Fatalf("%d in batches of %d: %d presentations by %d steps, want %d", c.n, c.batch, got, step, sum)
			}
			if got := s.StepsTo(sum); got != step {
				t.Fatalf("%d in batches of %d: %d steps to %d presentations, want %d", c.n, c.batch, got, sum, step)
			}
			sum += len(s.Batch(uint64(step)))
		}
	}
}

func TestShuffleDiffersBetweenEpochsAndSeeds(t *testing.T) {
	first := slices.Clone(sampler(t, "shuffle", 100, 100, 0).Batch(0))
	if slices.Equal(first, sampler(t, "shuffle", 100, 100, 0).Batch(1)) {
		t.Error("two epochs in the same order")
	}
	if slices.Equal(first, sampler(t, "shuffle", 100, 100, 1).Batch(0)) {
		t.Error("two seeds in the same order")
	}
}

// chi² over n cells has mean n-1 and variance 2(n-1); the bound is 5 deviations.
// Pairs of neighbours in the batch and between steps must be uniform as well.
func TestReplacementIsUniform(t *testing.T) {
	const n, batch, steps = 20, 8, 20000
	s := sampler(t, "replacement", n, batch, 3)
	single, within, between := make([]float64, n), make([]float64, n*n), make([]float64, n*n)
	last := int32(0)
	for step := range uint64(steps) {
		b := s.Batch(step)
		for i, v := range b {
			single[v]++
			if i > 0 {
				within[b[i-1]*n+v]++
			}
		}
		between[last*n+b[0]]++
		last = b[len(b)-1]
	}
	for name, cells := range map[string][]float64{"examples": single, "pairs in a batch": within, "pairs over steps": between} {
		total, chi2 := 0.0, 0.0
		for _, c := range cells {
			total += c
		}
		expected := total / float64(len(cells))
		for _, c := range cells {
			chi2 += (c - expected) * (c - expected) / expected
		}
		free := float64(len(cells) - 1)
		if math.Abs(chi2-free) > 5*math.Sqrt(2*free) {
			t.Errorf("%s: chi2 = %.1f, want %.0f ± %.1f", name, chi2, free, 5*math.Sqrt(2*free))
		}
	}
}

func TestNewSamplerRefuses(t *testing.T) {
	for _, c := range []struct {
		order    string
		n, batch int
	}{{"random", 10, 1}, {"", 10, 1}, {"shuffle", 0, 1}, {"shuffle", -1, 1}, {"shuffle", 1 << 31, 1}, {"shuffle", 10, 0}, {"shuffle", 10, -3}} {
		if _, err := NewSampler(c.order, c.n, c.batch, 0); err == nil {
			t.Errorf("NewSampler(%q, %d, %d) gave no error", c.order, c.n, c.batch)
		}
	}
}

func TestBatchDoesNotAllocate(t *testing.T) {
	for _, order := range Orders {
		s, step := sampler(t, order, 1000, 32, 0), uint64(0)
		if n := testing.AllocsPerRun(200, func() { s.Batch(step); step++ }); n != 0 {
			t.Errorf("%s: %v allocations", order, n)
		}
	}
}

func BenchmarkBatch(b *testing.B) {
	for _, order := range Orders {
		b.Run(order, func(b *testing.B) {
			b.ReportAllocs()
			s := sampler(b, order, 60000, 1, 0)
			for i := uint64(0); b.Loop(); i++ {
				s.Batch(i)
			}
		})
	}
}
