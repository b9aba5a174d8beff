package accumulate_test

import (
	"math"
	"testing"

	"ergon/internal/philox"
	"ergon/masks"
)

// hiddenAtStart returns h of the weights at the start: uniform in ±width/2, with the signs of the weights.
func hiddenAtStart(r *run, width float64) (h [][]float64) {
	for a, s := range masks.Arrays(small.Layers) {
		stream := philox.New(1, "cache/"+s.Name())
		h = append(h, make([]float64, len(r.start[a])))
		for i, w := range r.start[a] {
			u := (float64(stream.Uint32(0, uint64(i))) + 0.5) / (1 << 32)
			h[a][i] = math.Copysign(u*width/2, float64(w))
		}
	}
	return h
}

// Weights are the signs of hidden numbers, which take updates that let them grow, and of those
// that let them shrink a share 1 - tanh²(m|h|). With m = 0 it is the plain binary network. Biases are plain.
func TestMetaplasticIsItsDefinition(t *testing.T) {
	for _, m := range []float64{0, 1.35, 20} {
		const width = 2
		r := newRun(t, small, map[string]any{"kind": "metaplastic", "m": m, "width": width})
		h, flips := hiddenAtStart(r, width), int64(0)
		for number := range uint64(20) {
			before := r.weights()
			updates, after := r.step(t, number, 1), r.weights()
			written := make([]masks.Change, 2)
			for a, s := range masks.Arrays(small.Layers) {
				for i, delta := range updates[a] {
					want, c := before[a][i], &written[s.Layer]
					if s.Bias {
						want += delta
					} else {
						change := float64(delta)
						if change*h[a][i] < 0 {
							tanh := math.Tanh(m * math.Abs(h[a][i]))
							change *= 1 - tanh*tanh
						}
						h[a][i] += change
						if want = float32(math.Copysign(float64(r.start[a][i]), h[a][i])); want != before[a][i] {
							flips++
						}
					}
					if want != before[a][i] {
						c.M0++
						c.M1 += math.Abs(float64(want) - float64(before[a][i]))
					}
					if after[a][i] != want {
						t.Fatalf("m = %v, step %d: h is %v, and the weight %v, want %v", m, number, h[a][i], after[a][i], want)
					}
				}
			}
			for l, want := range written {
				if got := r.updater.Changes()[l]; got.M0 != want.M0 || math.Abs(got.M1-want.M1) > 1e-6 {
					t.Fatalf("m = %v, step %d, layer %d: counted %+v, want %+v", m, number, l+1, got, want)
				}
			}
		}
		if flips == 0 {
			t.Errorf("m = %v: no weight flipped", m)
		}
	}
}

// The larger m, the fewer weights flip.
func TestMetaplasticityKeepsSigns(t *testing.T) {
	flips := func(m float64) (n int64) {
		r := newRun(t, large, map[string]any{"kind": "metaplastic", "m": m, "width": 2})
		for number := range uint64(20) {
			r.step(t, number, 1)
			n += r.updater.Changes()[0].M0
		}
		return n
	}
	if none, some, much := flips(0), flips(1.35), flips(10); none <= some || some <= much {
		t.Errorf("%d, %d and %d flips with m = 0, 1.35 and 10", none, some, much)
	}
}
