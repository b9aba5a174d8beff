package committee

import (
	"context"
	"fmt"
	"math"
	"testing"
)

// pair returns two units that learn from two, with the overlaps q and r of a unit
// with itself and its teacher, and q2 and r2 of it with the others.
func pair(l Learning, q, q2, r, r2 float64) (*Equations, State) {
	l.T, l.A = Orthonormal(2), []float64{1, 1}
	if l.Activation == nil {
		l.Activation = Erf{}
	}
	e, s := NewEquations(l, 2), NewState(2, 2)
	for i := range 2 {
		s.V[i] = 1
		for k := range 2 {
			s.Q[i][k], s.R[i][k] = q2, r2
		}
		s.Q[i][i], s.R[i][i] = q, r
	}
	return e, s
}

// until advances a state to a time by steps of h.
func until(e *Equations, s State, by Integrator, from, to, h float64) {
	for range int((to-from)/h + 0.5) {
		by(e, s, h)
	}
}

// trajectory returns ε at the times, integrated by Euler's steps of 0.01.
func trajectory(e *Equations, s State, times ...float64) (eps []float64) {
	last := 0.0
	for _, at := range times {
		until(e, s, (*Equations).Euler, last, at, 0.01)
		eps, last = append(eps, e.Error(s)), at
	}
	return eps
}

// The reference lines were computed by another program, by Euler's steps of 0.01,
// to the digits given: Q = [.25 .05; .05 .25], R = [.2 .05; .05 .2], η = 1.5, σ = 0.
func TestReferences(t *testing.T) {
	for _, c := range []struct {
		mask      Mask
		want      []float64
		tolerance float64
	}{
		{None{}, []float64{0.285237, 0.0357721, 0.0275107, 0.0163546, 0.00204861, 1.376e-5}, 3e-6},
		{Element{0.5}, []float64{0.285237, 0.0372355, 0.025199, 0.0236485, 0.0203191, 0.00814619}, 3e-6},
		{Column{0.5}, []float64{0.285237, 0.0673045, 0.0358108, 0.0275113, 0.0163539, 0.00204964}, 3e-6},
	} {
		e, s := pair(Learning{Mask: c.mask, Rate: 1.5}, 0.25, 0.05, 0.2, 0.05)
		for i, got := range trajectory(e, s, 0, 5, 10, 20, 40, 80) {
			tolerance := c.tolerance
			if c.want[i] < 1e-4 { // four digits
				tolerance = 4e-4
			}
			if math.Abs(got/c.want[i]-1) > tolerance {
				t.Errorf("%T: ε %.7g, want %.6g", c.mask, got, c.want[i])
			}
		}
	}
}

// What noise of the labels leaves, by the same program: σ = 0.1, late.
func TestReferenceNoise(t *testing.T) {
	for _, c := range []struct {
		mask Mask
		late float64
		want float64
	}{{None{}, 300, 0.00742005}, {Element{0.5}, 2000, 0.00659228}, {Row{0.5}, 2000, 0.00659228}, {Column{0.5}, 600, 0.00742005}} {
		e, s := pair(Learning{Mask: c.mask, Rate: 1.5, Noise: 0.1}, 0.25, 0.05, 0.2, 0.05)
		until(e, s, (*Equations).RungeKutta, 0, c.late, 0.2)
		if got := e.Error(s); math.Abs(got/c.want-1) > 1e-6 {
			t.Errorf("%T: ε %.7g at t = %g, want %.6g", c.mask, got, c.late, c.want)
		}
		if got := e.Floor(context.Background(), s.V); math.Abs(got/c.want-1) > 1e-6 {
			t.Errorf("%T: floor %.7g, want %.6g", c.mask, got, c.want)
		}
	}
}

// To first order in η the floor is ησ²/4 times the mean of g'² over all units: for
// erf 2/(π√3) of each that has a teacher's and 2/π of each that is silent (Goldt
// et al. 2019).
func TestFloorAtSmallRates(t *testing.T) {
	for _, units := range []int{2, 3} {
		l := Learning{Activation: Erf{}, Mask: None{}, Rate: 1e-3, Noise: 0.1, T: Orthonormal(2), A: []float64{1, 1}}
		got := NewEquations(l, units).Floor(context.Background(), []float64{1, 1, 1}[:units])
		want := l.Rate * 0.01 / (2 * math.Pi) * (float64(units-2) + 2/math.Sqrt(3))
		if math.Abs(got/want-1) > 2e-3 {
			t.Errorf("%d units: floor %.6g, want %.6g", units, got, want)
		}
	}
}

// Means over five simulations of N = 1000 and the equations from their random
// starts, by another program: w = N(0, 1)/2 + B/5, so that Q is .29 and R .2 but for
// fluctuations of 1/√N, which is why the lines agree to some per cent only.
func TestReferenceFromRandomStarts(t *testing.T) {
	for _, c := range []struct {
		mask Mask
		want []float64
	}{
		{None{}, []float64{0.0433, 0.0350, 0.0239, 0.0097, 0.0074}},
		{Element{0.5}, []float64{0.0440, 0.0307, 0.0291, 0.0259, 0.0152}},
		{Column{0.5}, []float64{0.0753, 0.0433, 0.0350, 0.0239, 0.0097}},
		{Dropout{0.8}, []float64{0.0451, 0.0397, 0.0394, 0.0393, 0.0393}},
	} {
		e, s := pair(Learning{Mask: c.mask, Rate: 1.5, Noise: 0.1}, 0.29, 0, 0.2, 0)
		for i, got := range trajectory(e, s, 5, 10, 20, 40, 80) {
			if math.Abs(got/c.want[i]-1) > 0.04 {
				t.Errorf("%T: ε %.4f, want %.4f", c.mask, got, c.want[i])
			}
		}
	}
}

// The generalisation errors of the networks in the tests of the code of arXiv
// 1906.08632, github.com/sgoldt/nn2pp, test_nn2pp.cpp, computed by Mathematica and
// Python. Weights are printed there to six digits, and so far the errors can agree.
func TestErrorOfNetworks(t *testing.T) {
	b := [][]float64{{-0.878181, -0.675171, 0.200794, -0.385201, -1.47387}, {-0.0760653, -0.450636, 0.887182, 0.376101, -0.0873384}}
	w := [][]float64{
		{1.04404, 0.583583, 1.43897, 0.963895, 0.795075}, {-0.864295, -0.911849, 2.02883, 0.783554, -1.01488},
		{-0.451547, -0.772216, 0.780296, 0.799456, -0.0126815},
	}
	ones := []float64{1, 1, 1}
	long := [][]float64{
		{-0.82269399, -0.36359333, -0.24440212, 0.49828238, 0.61007546, 0.82557495, -0.28769147, 0.24358059, -1.31009873, -1.15591452},
		{-0.28590803, -0.79115683, 0.40729374, 0.4940799, -1.17793196, 0.56464427, 1.99950537, 0.64308283, 0.31500115, 0.18630809},
	}
	longer := [][]float64{
		{0.34998185, -0.51730095, -1.27672365, 0.15857457, 0.80636752, -1.30266436, 1.04553608, -1.40581276, -0.40119664, 0.31838932},
		{0.25096269, -0.70390653, -1.60709434, -1.4129378, 0.29695629, -0.22066656, -0.06572677, -0.59777609, -0.83076419, -0.17760066},
		{1.35757829, -0.90800698, -1.06598149, 0.93462077, 0.38120508, -0.11103256, 0.20648807, -0.14869054, 1.72580801, 0.59446499},
	}
	for _, c := range []struct {
		g    Activation
		b, w [][]float64
		a, v []float64
		want float64
	}{
		{Erf{}, b, w, []float64{0.965846, -1.40304}, []float64{-1.3598, -0.0671005, -0.395626}, 0.0803271},
		{Linear{}, b, w, []float64{0.965846, -1.40304}, []float64{-1.3598, -0.0671005, -0.395626}, 0.287911},
		{Erf{}, long, longer, ones[:2], ones, 1.08045},
	} {
		l := Learning{Activation: c.g, Mask: None{}, T: overlaps(c.b, c.b), A: c.a}
		s := NewState(3, 2)
		copy(s.V, c.v)
		for i := range s.Q {
			copy(s.Q[i], overlaps(c.w, c.w)[i])
			copy(s.R[i], overlaps(c.w, c.b)[i])
		}
		if got := l.Error(s); math.Abs(got/c.want-1) > 5e-6 {
			t.Errorf("%T: ε %.8g, want %.6g", c.g, got, c.want)
		}
	}
}

// overlaps are the scalar products over N.
func overlaps(one, other [][]float64) [][]float64 {
	m := make([][]float64, len(one))
	for i, x := range one {
		for _, y := range other {
			sum := 0.0
			for j := range x {
				sum += x[j] * y[j] / float64(len(x))
			}
			m[i] = append(m[i], sum)
		}
	}
	return m
}

// A whole task, with everything that can be on, and a start of its own.
func whole(k, m int, g Activation, mask Mask) (*Equations, State) {
	l := Learning{Activation: g, Mask: mask, Rate: 0.7, SecondRate: 0.3, Decay: 0.1, Noise: 0.2, T: Orthonormal(m)}
	for n := range m {
		l.A = append(l.A, 1-0.4*float64(n))
	}
	s := NewState(k, m)
	for i := range k {
		s.V[i] = 0.8 + 0.1*float64(i)
		for j := range k {
			s.Q[i][j] = 0.05
		}
		s.Q[i][i] = 0.4
		for n := range m {
			s.R[i][n] = 0.1 * float64(1+(i+2*n)%3)
		}
	}
	return NewEquations(l, k), s
}

// Masks of the same moments are the same, masks with p = 1 are none, and a mask that
// all units share only slows time, weight decay and second layer included.
func TestEquivalentMasks(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {2, 3}, {3, 2}} {
		end := func(mask Mask, time float64) State {
			e, s := whole(size[0], size[1], Erf{}, mask)
			until(e, s, (*Equations).RungeKutta, 0, time, 0.05)
			return s
		}
		free, half := end(None{}, 4), end(Element{0.5}, 4)
		for what, c := range map[string]struct {
			got, want State
			tolerance float64
		}{
			"row = element":         {end(Row{0.5}, 4), half, 0},
			"element, p = 1":        {end(Element{1}, 4), free, 1e-14},
			"row, p = 1":            {end(Row{1}, 4), free, 1e-14},
			"column, p = 1":         {end(Column{1}, 4), free, 1e-14},
			"dropout, p = 1":        {end(Dropout{1}, 4), free, 1e-14},
			"column(t) = none(p·t)": {end(Column{0.5}, 8), free, 1e-5},
		} {
			for i, got := range c.got.all {
				near(t, fmt.Sprint(size, what, i), got, c.want.all[i], c.tolerance)
			}
		}
		if size[0] > 1 && math.Abs(half.Q[0][1]-end(Column{0.5}, 4).Q[0][1]) < 1e-3 {
			t.Error("independent masks do nothing that a shared one does not")
		}
	}
}

// A single linear unit with a mask is online linear regression, which is solved:
// e = Q - 2R + 1 obeys de/dt = -pη(2-η)e + pη²σ².
func TestLinearUnit(t *testing.T) {
	const p, eta, sigma = 0.5, 0.5, 0.5
	l := Learning{Activation: Linear{}, Mask: Element{p}, Rate: eta, Noise: sigma, T: Orthonormal(1), A: []float64{1}}
	e, s := NewEquations(l, 1), NewState(1, 1)
	s.V[0] = 1
	floor := eta * sigma * sigma / (2 - eta)
	last := 0.0
	for _, at := range []float64{0, 1, 2, 5, 10} {
		until(e, s, (*Equations).RungeKutta, last, at, 0.01)
		last = at
		want := floor + (1-floor)*math.Exp(-p*eta*(2-eta)*at)
		near(t, fmt.Sprint("2ε at ", at), 2*e.Error(s), want, 1e-8)
	}
	near(t, "floor", 2*e.Floor(context.Background(), s.V), floor, 1e-7)
}

// Euler's error falls with the step, Runge and Kutta's with its fourth power.
func TestIntegrators(t *testing.T) {
	end := func(by Integrator, h float64) float64 {
		e, s := whole(2, 2, ReLU{}, Element{0.5})
		until(e, s, by, 0, 4, h)
		return e.Error(s)
	}
	exact := end((*Equations).RungeKutta, 0.01)
	for name, order := range map[string]float64{"euler": 1, "rk4": 4} {
		by := Integrators[name]
		coarse, fine := math.Abs(end(by, 0.4)-exact), math.Abs(end(by, 0.2)-exact)
		if got := math.Log2(coarse / fine); math.Abs(got-order) > 0.5 {
			t.Errorf("%s is of order %.2f, want %g", name, got, order)
		}
	}
}

// Learning that diverges is noticed.
func TestCheck(t *testing.T) {
	e, s := pair(Learning{Activation: ReLU{}, Mask: None{}, Rate: 8}, 0.25, 0.05, 0.2, 0.05)
	if err := e.Check(s); err != nil {
		t.Error(err)
	}
	until(e, s, (*Equations).Euler, 0, 20, 0.01)
	if err := e.Check(s); err == nil {
		t.Errorf("no error at Q = %v", s.Q)
	}
	if floor := e.Floor(context.Background(), s.V); floor != 0 {
		t.Errorf("floor %g without noise", floor)
	}
}

func BenchmarkDerivative(b *testing.B) {
	for name, g := range Activations {
		b.Run(name, func(b *testing.B) {
			e, s := pair(Learning{Activation: g, Mask: Element{0.5}, Rate: 0.5}, 0.25, 0.05, 0.2, 0.05)
			to := NewState(2, 2)
			for b.Loop() {
				e.Derivative(s, to)
			}
		})
	}
}
