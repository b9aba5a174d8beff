package committee

import (
	"fmt"
	"math"
	"testing"

	"ergon/internal/philox"
)

// near says whether got is want to a relative or absolute tolerance.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

// fields returns a covariance of n fields, of random weights in n+1 dimensions.
func fields(n int, number uint64) Covariance {
	stream := philox.New(7, fmt.Sprintf("committee/test/%d", number))
	c := newCovariance(n)
	for j := range uint64(n + 1) {
		w := make([]float64, n)
		for a := range w {
			w[a] = stream.Normal(j, uint64(a))
		}
		for a := range w {
			for b := range w {
				c[a][b] += w[a] * w[b] / float64(n)
			}
		}
	}
	return c
}

// Every average, with and without coinciding fields, is that of sampled fields.
func TestAveragesAgainstSamples(t *testing.T) {
	const samples = 200_000
	c := fields(4, 0)
	root, _ := c.Root()
	stream := philox.New(8, "committee/test/samples")
	for name, g := range Activations {
		type average struct {
			what         string
			want         float64
			sum, squares float64
			of           func(x []float64) float64
		}
		v, d := g.Value, g.Slope
		averages := []*average{
			{what: "I2(0,1)", want: g.I2(c, 0, 1), of: func(x []float64) float64 { return v(x[0]) * v(x[1]) }},
			{what: "I2(0,0)", want: g.I2(c, 0, 0), of: func(x []float64) float64 { return v(x[0]) * v(x[0]) }},
			{what: "J2(0,1)", want: g.J2(c, 0, 1), of: func(x []float64) float64 { return d(x[0]) * d(x[1]) }},
			{what: "J2(2,2)", want: g.J2(c, 2, 2), of: func(x []float64) float64 { return d(x[2]) * d(x[2]) }},
		}
		for _, i := range [][3]int{{0, 1, 2}, {0, 0, 1}, {0, 1, 0}, {0, 1, 1}, {3, 3, 3}} {
			averages = append(averages, &average{what: fmt.Sprint("I3", i), want: g.I3(c, i[0], i[1], i[2]),
				of: func(x []float64) float64 { return d(x[i[0]]) * x[i[1]] * v(x[i[2]]) }})
		}
		for _, i := range [][4]int{
			{0, 1, 2, 3}, {0, 1, 2, 2}, {0, 0, 1, 2}, {0, 0, 1, 1}, {0, 1, 0, 2}, {0, 1, 2, 1}, {0, 1, 0, 1}, {0, 1, 0, 0}, {0, 0, 0, 1}, {2, 2, 2, 2},
		} {
			averages = append(averages, &average{what: fmt.Sprint("I4", i), want: g.I4(c, i[0], i[1], i[2], i[3]),
				of: func(x []float64) float64 { return d(x[i[0]]) * d(x[i[1]]) * v(x[i[2]]) * v(x[i[3]]) }})
		}
		x := make([]float64, 4)
		for k := range uint64(samples) {
			var z [4]float64
			z[0], z[1] = stream.NormalPair(k, 0)
			z[2], z[3] = stream.NormalPair(k, 1)
			for a := range x {
				x[a] = root[a][0]*z[0] + root[a][1]*z[1] + root[a][2]*z[2] + root[a][3]*z[3]
			}
			for _, a := range averages {
				y := a.of(x)
				a.sum, a.squares = a.sum+y, a.squares+y*y
			}
		}
		for _, a := range averages {
			mean := a.sum / samples
			deviation := math.Sqrt((a.squares/samples - mean*mean) / samples)
			if math.Abs(mean-a.want) > 4*deviation+1e-12 {
				t.Errorf("%s: %s is %.6f, sampled %.6f ± %.6f", name, a.what, a.want, mean, deviation)
			}
		}
	}
}

// Two exact identities of the fourth average of a ReLU, which is an integral:
// Θ(a) + Θ(-a) = 1, and g(d) - g(-d) = d, whose average is closed.
func TestReLUFourth(t *testing.T) {
	flipped := func(c Covariance, a int) Covariance {
		f := newCovariance(len(c))
		for x := range c {
			for y := range c {
				f[x][y] = c[x][y]
				if (x == a) != (y == a) {
					f[x][y] = -c[x][y]
				}
			}
		}
		return f
	}
	g := ReLU{}
	for number := range uint64(20) {
		c := fields(4, number)
		whole := g.I4(c, 0, 1, 2, 3)
		near(t, "⟨(Θ(a)+Θ(-a))Θ(b)g(d)g(e)⟩", whole+g.I4(flipped(c, 0), 0, 1, 2, 3), g.I4(c, 1, 1, 2, 3), 1e-9)
		var r correlations
		for x := range r {
			for y := range r {
				r[x][y] = c.correlation(x, y)
			}
		}
		closed := r[2][3]*allAbove(r[0][1], r[0][3], r[1][3]) +
			r[0][2]*density*r.halfGiven(0, 3, 1) + r[1][2]*density*r.halfGiven(1, 3, 0)
		near(t, "⟨Θ(a)Θ(b)d g(e)⟩", whole-g.I4(flipped(c, 2), 0, 1, 2, 3), closed*math.Sqrt(c[2][2]*c[3][3]), 1e-9)
		near(t, "symmetry", g.I4(c, 1, 0, 3, 2), whole, 1e-9)
	}
}

// As four fields become two pairs, as at the end of learning, the integral goes
// over into the closed average of the pairs.
func TestReLUFourthDegenerate(t *testing.T) {
	for _, gap := range []float64{1e-2, 1e-4, 1e-8, 1e-12, 0} {
		// d = a + √gap·noise, e = b + √gap·noise.
		c := Covariance{{1, 0.3, 1, 0.3}, {0.3, 1, 0.3, 1}, {1, 0.3, 1 + gap, 0.3}, {0.3, 1, 0.3, 1 + gap}}
		near(t, fmt.Sprint("gap ", gap), ReLU{}.I4(c, 0, 1, 2, 3), kernel(0.3), 2*gap+1e-6)
	}
}
