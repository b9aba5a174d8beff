package rbmmodes

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
	"ergon/theory"
	"ergon/theory/theorytest"
)

// meanField iterates the naive equations of the means from a little disorder on,
//
//	⟨v_i⟩ = σ(θ_i + Σ_j W_ij (⟨h_j⟩-½)),   ⟨h_j⟩ = σ(Σ_i W_ij (⟨v_i⟩ - q_i)),
//
// or, with reaction, those of Thouless, Anderson and Palmer to second order in W. It returns by
// how much |⟨h⟩-½| has grown.
func meanField(m *machine, steps int, reaction bool) float64 {
	h, v := make([]float64, len(m.w)), append([]float64(nil), m.centre...) // ⟨h⟩-½, ⟨v⟩
	stream := philox.New(9, "start")
	for j := range h {
		h[j] = 1e-9 * stream.Normal(0, uint64(j))
	}
	start := floats.Norm(h, 2)
	for range steps {
		field := append([]float64(nil), m.theta...)
		for j, w := range m.w {
			floats.AddScaled(field, h[j], w)
			for i := range w {
				if reaction { // -W²(⟨v⟩-½)·Var h
					field[i] -= w[i] * w[i] * (v[i] - 0.5) * (0.25 - h[j]*h[j])
				}
			}
		}
		for i := range v {
			v[i] = (v[i] + logistic(field[i])) / 2
		}
		for j, w := range m.w {
			x := 0.0
			for i := range w {
				x += w[i] * (v[i] - m.centre[i])
				if reaction {
					x -= w[i] * w[i] * h[j] * v[i] * (1 - v[i])
				}
			}
			h[j] = (h[j] + logistic(x) - 0.5) / 2
		}
	}
	return floats.Norm(h, 2) / start
}

// Without order means stay what they are until the largest singular value of D_v^½ W D_h^½
// is 1: of any weights and means. At means of ½ that is σ₁(W) = 4.
func TestThreshold(t *testing.T) {
	for _, mean := range []float64{0.5, 0.2} {
		d := &data{}
		for i := range 12 {
			q := mean * (1 + float64(i)/12) // none is like another
			d.mean, d.variance = append(d.mean, q), append(d.variance, q*(1-q))
		}
		m := newMachine(d, 5)
		for j, w := range m.w {
			for i := range w {
				w[i] = philox.New(5, "w").Normal(uint64(j), uint64(i))
			}
		}
		s, _ := m.couplings(d.variance)
		for _, want := range []float64{0.98, 1.02} {
			for _, w := range m.w {
				floats.Scale(want/s[0], w)
			}
			s, _ = m.couplings(d.variance)
			theorytest.Near(t, "s", s[0], want, 1e-12)
			if grown := meanField(m, 2000, false); (grown > 1) != (want > 1) {
				t.Errorf("mean %g, s = %g: order grew by %g", mean, want, grown)
			}
		}
	}
	r := theorytest.Predict(t, "rbm-modes", "simulate=0")
	theorytest.NearScalar(t, r, "threshold_sigma", 4, 1e-12)
}

// The equations of Thouless, Anderson and Palmer have order above threshold_tap, and none below.
func TestReaction(t *testing.T) {
	const visible, hidden = 24, 6
	threshold := tapThreshold(visible, hidden)
	theorytest.Near(t, "s²", threshold*threshold, (1+threshold*threshold/visible)*(1+threshold*threshold/hidden), 1e-14)
	d := &data{mean: make([]float64, visible)}
	floats.AddConst(0.5, d.mean)
	for _, part := range []float64{0.98, 1.02} {
		m := newMachine(d, hidden)
		for _, w := range m.w {
			floats.AddConst(4*part*threshold/math.Sqrt(visible*hidden), w)
		}
		if grown := meanField(m, 2000, true); (grown > 1) != (part > 1) {
			t.Errorf("%g of the threshold: order grew by %g", part, grown)
		}
	}
	if few := tapThreshold(8, 1); !math.IsNaN(few) {
		t.Errorf("one hidden unit orders at %g", few)
	}
}

// evenPeak returns at which s χ peaks in a machine of one mode in which all units take part
// alike, ⟨v⟩ = ½. Its n active hidden units have the law C(H,n)·cosh(2s(n-H/2)/√(VH))^V.
func evenPeak(visible, hidden float64) float64 {
	best, peak := 0.0, 0.0
	for s := 1.0; s < 1.2; s += 0.002 {
		logarithms, m := make([]float64, int(hidden)+1), make([]float64, int(hidden)+1)
		for n := range m {
			a, _ := math.Lgamma(float64(n) + 1)
			b, _ := math.Lgamma(hidden - float64(n) + 1)
			m[n] = float64(n) - hidden/2
			logarithms[n] = visible*math.Log(math.Cosh(2*s*m[n]/math.Sqrt(visible*hidden))) - a - b
		}
		normaliser, size, square := floats.LogSumExp(logarithms), 0.0, 0.0
		for n := range m {
			p := math.Exp(logarithms[n] - normaliser)
			size, square = size+p*math.Abs(m[n]), square+p*m[n]*m[n]
		}
		if chi := square - size*size; chi > best {
			best, peak = chi, s
		}
	}
	return peak
}

// The peak of χ is that of the closed form where there is one, and tends to the threshold as
// units become many.
func TestPeakOfOneMode(t *testing.T) {
	const visible, hidden = 48, 8
	d := &data{}
	x := make([]float64, visible)
	for i := range visible {
		d.mean, d.variance = append(d.mean, 0.5), append(d.variance, 0.25)
		x[i] = float64(1-2*(i%2)) / math.Sqrt(visible)
	}
	theorytest.NearAbsolute(t, "s at the peak", d.rankOnePeak(x, even(hidden)), evenPeak(visible, hidden), 0.004)
	if one := d.rankOnePeak(x, []float64{1}); !math.IsNaN(one) {
		t.Errorf("one hidden unit has a peak at %g", one)
	}
	// When units are many it is away by the size of fluctuations, 1/√units.
	few, many := evenPeak(200, 200)-1, evenPeak(800, 800)-1
	if part := many / few; !(part > 0.4 && part < 0.6) {
		t.Errorf("the peak is at 1 + %.3f and, with four times the units, 1 + %.3f", few, many)
	}
}

// Rates are those of linear growth. Without a mask to a relative 1e-4 at weights of 1e-3;
// with masks within 5 standard errors, and with p wrong by a tenth not. The plain gradient has them too, but
// for the part that all hidden units share, which has its own.
func TestRates(t *testing.T) {
	for _, gradient := range []string{"gradient=centred", "gradient=plain"} {
		r := theorytest.Predict(t, "rbm-modes", gradient, "rows=rates", "v=32", "h=4", "examples=32", "strengths=[0.6, 0.3]", "masks=[none, bernoulli, neurons]", "simulate=24")
		column := func(row int, name string) float64 { return at(t, r, row, name) }
		for row, label := range r.Labels {
			if row < 2 {
				theorytest.Near(t, label, column(row, "rate_simulated"), column(row, "rate"), 1e-4)
				theorytest.Near(t, label+", shared", column(row, "rate_uniform_simulated"), column(row, "rate_uniform"), 1e-4)
				continue
			}
			for _, name := range []string{"rate", "rate_uniform"} {
				z := column(row, name+"_simulated_z")
				wrong := (column(row, name+"_simulated") - 1.1*column(row, name)) / column(row, name+"_simulated_error")
				if math.Abs(z) > 5 || !(math.Abs(wrong) > 5) && name == "rate" {
					t.Errorf("%s, %s: z %.2f, and %.2f if p were a tenth larger", label, name, z, wrong)
				}
			}
		}
		shared := column(0, "rate_uniform") / column(0, "rate")
		if plain := gradient == "gradient=plain"; plain != (shared < 0.9) {
			t.Errorf("%s: all hidden units together grow at %.3f of the rate", gradient, shared)
		}
	}
}

// The rate that all hidden units share under the plain gradient is, for small steps and after long, the
// larger eigenvalue of its two linear equations:
//
//	½(x + √(x² + λD)),   x = λ/4 - (1 + H/4)D.
func TestRateOfThePlainGradient(t *testing.T) {
	r := theorytest.New[*RBMModes](t, "rbm-modes", "gradient=plain", "eta=0.001")
	d := r.plant()
	x := d.growth[0]/4 - (1+float64(r.H)/4)/4
	const n = 50_000
	want := (x + math.Sqrt(x*x+d.growth[0]/4)) / 2 * r.Rate
	theorytest.Near(t, "rate", 2*r.uniformRate(d, 0, 2*n, 1)-r.uniformRate(d, 0, n, 1), want, 1e-3)
	d.variance[0] = 0.2
	if rate := r.uniformRate(d, 0, n, 1); rate != unknown {
		t.Errorf("units of several variances have the rate %g", rate)
	}
}

// The hidden units of the largest updates have the predicted part of Σ|z|/|z|: sampled, to five
// standard errors or so.
func TestLargest(t *testing.T) {
	const n = 100_000
	z := theory.Normals(philox.New(1, "z"), n)
	for i := range z {
		z[i] = math.Abs(z[i])
	}
	slices.Sort(z)
	all := floats.Sum(z) / floats.Norm(z, 2)
	for _, p := range []float64{1, 0.5, 0.1} {
		winners := z[n-int(p*n):]
		theorytest.Near(t, "Σ|z|/|z|", floats.Sum(winners)/floats.Norm(winners, 2)/all, largest(p), 5/math.Sqrt(p*n))
	}
}

// at returns a cell of a result.
func at(t *testing.T, r *theory.Result, row int, column string) float64 {
	t.Helper()
	i := slices.Index(r.Columns, column)
	if i < 0 {
		t.Fatalf("no column %s", column)
	}
	return r.Rows[row][i]
}
