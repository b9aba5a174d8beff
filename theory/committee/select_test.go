package committee

import (
	"fmt"
	"math"
	"testing"

	"ergon/internal/philox"
	"ergon/internal/tails"
)

// free is a whole task without what masks that cut do not know.
func free(k, m int, g Activation, mask Mask) (*Equations, State) {
	e, s := whole(k, m, g, mask)
	e.SecondRate, e.Decay = 0, 0
	return e, s
}

// Where nothing is cut off, averages over the points are the closed ones: exactly for a
// linear network, whose update is of second order in the fields, and to 10⁻³ for erf.
func TestCubature(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {2, 1}, {2, 2}, {3, 2}} {
		for _, c := range []struct {
			g         Activation
			tolerance float64
		}{{Linear{}, 1e-9}, {Erf{}, 1e-3}} {
			e, s := free(size[0], size[1], c.g, None{})
			e.Rate = 1e-3 // noise, whose fourth moments are not exact, is of second order in it
			want, got := s.Clone(), s.Clone()
			e.Derivative(s, want)
			cutting, _ := free(size[0], size[1], c.g, Threshold{})
			cutting.Rate = e.Rate
			cutting.Derivative(s, got)
			for i, x := range got.all {
				if math.Abs(x-want.all[i]) > c.tolerance*max(e.Rate, math.Abs(want.all[i])) {
					t.Errorf("%v, %T: number %d is %.9g, closed %.9g", size, c.g, i, x, want.all[i])
				}
			}
		}
	}
}

// Noise too, of the largest task.
func TestCubatureNoise(t *testing.T) {
	for _, g := range []Activation{Linear{}, Erf{}} {
		e, s := free(3, 2, g, None{})
		want, got := s.Clone(), s.Clone()
		e.Derivative(s, want)
		cutting, _ := free(3, 2, g, Threshold{})
		cutting.Derivative(s, got)
		near(t, fmt.Sprintf("%T: work", g), got.Work[0], want.Work[0], 2e-3*want.Work[0])
	}
}

// A unit that competes alone is one of a layer of itself, and linear units of the same
// second layer have the same updates, so that all competitions among them are one.
func TestOneCompetition(t *testing.T) {
	for _, c := range []struct {
		k         int
		g         Activation
		tolerance float64
	}{{1, Erf{}, 1e-3}, {1, Linear{}, 1e-9}, {3, Linear{}, 1e-9}} {
		one, s := free(c.k, 2, c.g, NewTopNeuron(0.1))
		all, _ := free(c.k, 2, c.g, NewTopLayer(0.1))
		for i := range s.V {
			s.V[i] = 1
		}
		one.Rate, all.Rate = 1e-3, 1e-3
		want, got := s.Clone(), s.Clone()
		one.Derivative(s, want)
		all.Derivative(s, got)
		for i, x := range got.all {
			if math.Abs(x-want.all[i]) > c.tolerance*max(1e-3, math.Abs(want.all[i])) {
				t.Errorf("%d of %T: number %d is %.9g, want %.9g", c.k, c.g, i, x, want.all[i])
			}
		}
	}
}

// A linear unit whose updates have to pass κ = 2 is `ergon theory selection
// select=threshold`, whose e = 2ε an independent program found: η = σ = .5, e(0) = 1.
func TestLinearThreshold(t *testing.T) {
	l := Learning{Activation: Linear{}, Mask: Threshold{Kappa: 2}, Rate: 0.5, Noise: 0.5, T: Orthonormal(1), A: []float64{1}}
	e, s := NewEquations(l, 1), NewState(1, 1)
	s.V[0] = 1
	last := 0.0
	for i, at := range []float64{1, 2, 4, 6} {
		until(e, s, (*Equations).RungeKutta, last, at, 0.25)
		last = at
		near(t, fmt.Sprint("2ε at ", at), 2*e.Error(s), []float64{.6759, .4891, .2987, .2105}[i], 2e-3)
		near(t, fmt.Sprint("M0/N at ", at), s.M0[0], []float64{.0669, .1157, .1836, .2312}[i], 2e-3)
	}
}

// The winners of a layer are the share P, whatever the errors are, unless fewer synapses
// have an update at all.
func TestLayerCuts(t *testing.T) {
	stream := philox.New(1, "committee/test/cuts")
	for number := range uint64(2000) {
		k := 1 + int(number%4)
		errors, cuts := make([]float64, k), make([]float64, k)
		for i := range errors {
			errors[i] = stream.Normal(number, uint64(i)) * math.Exp(4*stream.Normal(number, uint64(10+i)))
		}
		if k == 4 {
			errors[2] = 0
		}
		p := 0.01 + 0.7*stream.Float64(number, 99)
		NewTopLayer(p).Cuts(errors, cuts)
		share := 0.0
		for _, c := range cuts {
			share += tails.Beyond(c).Share / float64(k)
		}
		near(t, fmt.Sprint("share of ", errors), share, p, 1e-9)
		for i := range cuts {
			if errors[i] != 0 {
				near(t, "bound", cuts[i]*math.Abs(errors[i]), cuts[0]*math.Abs(errors[0]), 1e-9)
			}
		}
	}
	cuts := make([]float64, 2)
	if NewTopLayer(0.6).Cuts([]float64{1, 0}, cuts); cuts[0] > 1e-6 || !math.IsInf(cuts[1], 1) {
		t.Errorf("cuts %v, want all of the one unit that has an error", cuts)
	}
	if NewTopLayer(0.6).Cuts([]float64{0, 0}, cuts); !math.IsInf(cuts[0], 1) {
		t.Errorf("cuts %v without an error", cuts)
	}
}

// What is selected in a step is what the definition says, by sorting nothing.
func TestSelect(t *testing.T) {
	const n, k = 70, 2
	stream := philox.New(2, "committee/test/select")
	x, errors := make([]float64, n), []float64{0.3, -1.1}
	for j := range x {
		x[j] = stream.Normal(0, uint64(j))
	}
	for name, make := range Selections {
		m, d := make(0.2, 0.7), NewDrawn(k, n)
		m.Select(x, errors, d)
		plastic := func(i, j int) bool { return d.Inputs[i][j/64]>>(j%64)&1 == 1 }
		counts := [k]int{}
		for i := range k {
			for j := range x {
				size, above := math.Abs(errors[i]*x[j]), 0 // how many are larger
				for a := range k {
					for b := range x {
						if (name != "top_neuron" || a == i) && math.Abs(errors[a]*x[b]) > size {
							above++
						}
					}
				}
				want := map[string]bool{"top_neuron": above < 14, "top_layer": above < 28, "threshold": size > 0.7}[name]
				if plastic(i, j) != want {
					t.Errorf("%s: synapse %d onto %d: %v, want %v", name, j, i, !want, want)
				}
				if want {
					counts[i]++
				}
			}
		}
		if counts[0] == 0 && name == "top_neuron" || counts[1] == 0 {
			t.Errorf("%s: %v selected", name, counts)
		}
	}
}

func BenchmarkCut(b *testing.B) {
	for name, make := range Selections {
		b.Run(name, func(b *testing.B) {
			e, s := free(2, 2, Erf{}, make(0.1, 1))
			to := s.Clone()
			for b.Loop() {
				e.Derivative(s, to)
			}
		})
	}
}
