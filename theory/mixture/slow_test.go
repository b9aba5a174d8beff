//go:build slow

package mixture

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"

	"ergon/internal/philox"
)

// Simulations of many kinds, d = 1000 and 32 of each: m and C within 2 %, counts and
// amounts within 3 %. Run with -v for the share of gradients that is clipped.
func TestManySimulations(t *testing.T) {
	kinds := map[string]func(*Problem){
		"plain":                 func(p *Problem) {},
		"masked":                func(p *Problem) { p.P = 0.5 },
		"few synapses, fast":    func(p *Problem) { p.P, p.Rates = 0.2, Constant(1, 50) },
		"few examples":          func(p *Problem) { p.B = 0.3 },
		"clipped at 0.4":        func(p *Problem) { p.Clip = 0.4 },
		"clipped at 0.2":        func(p *Problem) { p.Clip = 0.2 },
		"clipped at 0.05":       func(p *Problem) { p.Clip = 0.05 },
		"masked, clipped":       func(p *Problem) { p.P, p.Clip = 0.5, 0.2 },
		"all of it":             func(p *Problem) { p.P, p.B, p.Clip = 0.5, 0.3, 0.1 },
		"slowing down":          func(p *Problem) { p.P, p.Clip, p.Rates = 0.3, 0.3, Geometric(1, 0.05, 50) },
		"persistent":            func(p *Problem) { p.B, p.Tau = 0.3, 2 },
		"persistent, all of it": func(p *Problem) { p.P, p.B, p.Tau, p.Clip = 0.5, 0.3, 2, 0.1 },
		"square loss":           func(p *Problem) { p.P, p.Clip, p.Loss = 0.5, 0.3, Losses["square"] },
		"squared hinge":         func(p *Problem) { p.P, p.Clip, p.Loss = 0.5, 0.3, Losses["squared_hinge"] },
		"three clusters":        func(p *Problem) { p.Clusters, p.Door, p.M0, p.P = 3, 0.7, 0.2, 0.5 },
		"three clusters, clipped": func(p *Problem) {
			p.Clusters, p.Door, p.M0, p.P, p.Delta, p.Clip = 3, 0.7, 0.5, 0.5, 0.2, 0.1
		},
		"three clusters, persistent": func(p *Problem) {
			p.Clusters, p.Door, p.M0, p.Delta, p.B, p.Tau = 3, 0.7, 0.5, 0.2, 0.3, 2
		},
	}
	for name, change := range kinds {
		t.Run(name, func(t *testing.T) {
			p := twoClusters(1, 1, 0.2)
			change(p)
			theory := solved(t, p, 50_000)
			if !math.IsInf(p.Clip, 1) {
				t.Logf("share of gradients clipped: %.2f in step 0, %.2f in the last", clippedShare(theory, p, 0), clippedShare(theory, p, 49))
			}
			compare(t, theory, simulated(t, p, 1000, 32), true, 1, 10, 50)
		})
	}
}

// clippedShare is how many gradients step t clips: R(t+1, t) = ηp·⟨1 - clipped⟩.
func clippedShare(c *Trajectory, p *Problem, t int) float64 {
	return 1 - c.Response[t+1][t]/(p.Rates[t]*p.P)
}

// What can be known of v* from three clusters is what message passing finds, in
// 3000 dimensions to a deviation of 0.015.
func TestBlindOverlap(t *testing.T) {
	p, mean := &Problem{Clusters: 3, Alpha: 2, Delta: 0.5}, 0.0
	for seed := range uint64(6) {
		mean += messages(p, 3000, philox.New(seed, "mixture/test")) / 6
	}
	t.Logf("overlap %.4f found, %.4f predicted", mean, p.blindOverlap())
	within(t, "squared cosine of guess and v*", mean, p.blindOverlap(), 0.02)
}

// messages guesses v* from examples of the outer clusters, whose sides nobody tells,
// by approximate message passing for matrices of rank one (Lesieur, Krzakala,
// Zdeborová 2017), and returns the squared cosine of guess and v*.
func messages(p *Problem, d int, draw philox.Stream) float64 {
	n, dims := int(p.Alpha/2*float64(d)), float64(d)
	teacher := gaussian(draw, uint64(n), d)
	x := blas64.General{Rows: n, Cols: d, Stride: d, Data: make([]float64, n*d)}
	for mu := range n {
		row := x.Data[mu*d : (mu+1)*d]
		floats.AddScaled(row, math.Sqrt(p.Delta), gaussian(draw, uint64(mu), d))
		floats.AddScaled(row, float64(2*(mu%2)-1)/math.Sqrt(dims), teacher)
	}
	guess, sides := gaussian(draw, uint64(n+1), d), make([]float64, n)
	floats.AddScaled(guess, 0.5, teacher)
	floats.Scale(0.3, guess)
	unsure := 0.0 // Σ of the posterior variances of v*, over dΔ
	for range 50 {
		field := passed(blas.NoTrans, x, guess, p.Delta)
		floats.AddScaled(field, -unsure, sides)
		spread := 0.0 // the same of the sides
		for i, b := range field {
			sides[i] = math.Tanh(b)
			spread += (1 - sides[i]*sides[i]) / (dims * p.Delta)
		}
		back := passed(blas.Trans, x, sides, p.Delta)
		floats.AddScaled(back, -spread, guess)
		precision := 1 + floats.Dot(sides, sides)/(dims*p.Delta)
		for j, b := range back {
			guess[j] = b / precision
		}
		unsure = 1 / (p.Delta * precision)
	}
	along := floats.Dot(guess, teacher)
	return along * along / (floats.Dot(guess, guess) * floats.Dot(teacher, teacher))
}

// passed returns X·v/(√d·Δ), or that of X transposed.
func passed(side blas.Transpose, x blas64.General, v []float64, delta float64) []float64 {
	to := make([]float64, x.Rows)
	if side == blas.Trans {
		to = make([]float64, x.Cols)
	}
	scale := 1 / (math.Sqrt(float64(x.Cols)) * delta)
	blas64.Gemv(side, scale, x, blas64.Vector{N: len(v), Inc: 1, Data: v}, 0, blas64.Vector{N: len(to), Inc: 1, Data: to})
	return to
}
