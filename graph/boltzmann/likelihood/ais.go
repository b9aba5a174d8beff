package likelihood

import (
	"context"
	"fmt"

	"ergon/graph/boltzmann"
	"ergon/internal/finite"
	"ergon/internal/parallel"
	"ergon/internal/philox"
	"ergon/internal/schema"
)

// Annealing estimates ln Z by annealed importance sampling (Neal 2001; Salakhutdinov and Murray
// 2008): chains pass from independent units to the machine, or back. The weight of a chain is
//
//	w = Π_k p*_k(v_k) / p*_{k-1}(v_k),
//
// with p* = e^-F at one inverse temperature and the next and v_k drawn at the former: ⟨w⟩ = Z/Z₀.
type Annealing struct {
	// Base is the biases a⁰ [V] of the independent visible units, as of Biases; nil: the
	// machine's own.
	Base []float64
	// Betas are the inverse temperatures of the path, from 0 to 1 in order, as of Linear.
	Betas  []float64
	Chains int // of Forward; 2 or more
	// Stream has the random numbers. Forward and Reverse use other ones of it.
	Stream   philox.Stream
	Pool     *parallel.Pool        // nil: the caller's core alone
	Progress func(done, total int) // of chains; nil: nobody asks. It is called by one goroutine at a time
}

// Linear returns n inverse temperatures at equal distances, from 0 to 1; n ≥ 2.
func Linear(n int) []float64 {
	betas := make([]float64, max(n, 0))
	for k := range betas {
		betas[k] = float64(k) / float64(n-1)
	}
	return betas
}

// Estimate is an estimate of ln Z by chains.
type Estimate struct {
	LnZ           float64
	Lo, Hi        float64 // LnZ ± 3 standard errors
	StandardError float64 // as of LogMean
	Effective     float64 // chains, as of LogMean
	Chains, Betas int
}

// reverseSteps is the step of the stream from which Reverse draws.
const reverseSteps = 1 << 32

// Forward anneals chains from independent units to the machine. Its w has the mean Z/Z₀, but
// the logarithm of an average is on average below that of the mean (Jensen): LnZ is
// too low by about the half square of its standard error, and by much more where few
// chains carry the weight, of which Effective tells. Over seeds it is a lower bound.
func (a *Annealing) Forward(ctx context.Context, m *boltzmann.Machine) (*Estimate, error) {
	if err := a.check(m); err != nil {
		return nil, err
	}
	if a.Chains < 2 {
		return nil, schema.Fieldf("chains", "%d chains have no spread to tell the error from; give 2 or more", a.Chains)
	}
	p := newPath(m, a.Base)
	lnWeights, err := a.run(ctx, a.Chains, func(number int) float64 {
		c := p.chain(a.Stream, number)
		c.begin(0)
		return a.forward(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	mean := NewLogMean(lnWeights)
	return a.estimate(p.lnZ0()+mean.Value, mean, a.Chains), nil
}

// forward returns ln w of a chain that begins at β = 0.
func (a *Annealing) forward(ctx context.Context, c *chain) (lnWeight float64) {
	last := len(a.Betas) - 1
	for k := 1; k <= last; k++ {
		lnWeight += c.lnWeight(a.Betas[k-1], a.Betas[k])
		if k < last && ctx.Err() == nil {
			c.sweep(uint64(k), a.Betas[k])
		}
	}
	return lnWeight
}

// Reverse anneals chains back from rows [n,V], n ≥ 2, which must be independent samples of the
// machine: of Exact.Sample, or chains at equilibrium. The mean of w is Z₀/Z, so that LnZ
// is too high by what Forward's is too low: over seeds it is an upper bound (Burda, Grosse and
// Salakhutdinov 2015). From other rows, as the data, it is neither; nor is it if Base comes from the very
// rows: w is then too large, LnZ too low by some 0.7 standard errors of 100 chains.
func (a *Annealing) Reverse(ctx context.Context, m *boltzmann.Machine, rows []float32) (*Estimate, error) {
	if err := a.check(m); err != nil {
		return nil, err
	}
	n, err := count(m, "samples", rows)
	if err != nil {
		return nil, err
	}
	if n < 2 {
		return nil, fmt.Errorf("likelihood: %d samples have no spread to tell the error from; give 2 or more", n)
	}
	p, v := newPath(m, a.Base), len(m.Visible)
	lnWeights, err := a.run(ctx, n, func(number int) float64 {
		c := p.chain(a.Stream, number)
		c.put(rows[number*v : (number+1)*v])
		return a.reverse(ctx, c)
	})
	if err != nil {
		return nil, err
	}
	mean := NewLogMean(lnWeights)
	return a.estimate(p.lnZ0()-mean.Value, mean, n), nil
}

// reverse returns ln w of a chain that begins at β = 1.
func (a *Annealing) reverse(ctx context.Context, c *chain) (lnWeight float64) {
	for k := len(a.Betas) - 1; k > 0; k-- {
		lnWeight += c.lnWeight(a.Betas[k], a.Betas[k-1])
		if k > 1 && ctx.Err() == nil {
			c.sweep(reverseSteps+uint64(k), a.Betas[k-1])
		}
	}
	return lnWeight
}

// run returns ln w of n chains.
func (a *Annealing) run(ctx context.Context, n int, chain func(number int) float64) ([]float64, error) {
	lnWeights := make([]float64, n)
	err := each(ctx, a.Pool, n, a.Progress, func(number int) { lnWeights[number] = chain(number) })
	if err != nil {
		return nil, err
	}
	for number, w := range lnWeights {
		if !finite.Is(w) {
			return nil, fmt.Errorf("likelihood: the weight of chain %d is not finite: machines along the path have no finite Z, or their states overflow", number)
		}
	}
	return lnWeights, nil
}

func (a *Annealing) estimate(lnZ float64, mean LogMean, chains int) *Estimate {
	reach := 3 * mean.StandardError
	return &Estimate{
		LnZ: lnZ, Lo: lnZ - reach, Hi: lnZ + reach, StandardError: mean.StandardError,
		Effective: mean.Effective, Chains: chains, Betas: len(a.Betas),
	}
}

// check says why there is no such path.
func (a *Annealing) check(m *boltzmann.Machine) error {
	if err := check(m); err != nil {
		return err
	}
	if a.Base != nil && len(a.Base) != len(m.Visible) {
		return schema.Fieldf("base", "%d biases of %d visible units", len(a.Base), len(m.Visible))
	}
	for i, b := range a.Base {
		if !finite.Is(b) {
			return schema.Fieldf("base", "bias %d is %g", i, b)
		}
	}
	last := len(a.Betas) - 1
	if last < 1 || a.Betas[0] != 0 || a.Betas[last] != 1 {
		return schema.Fieldf("betas", "%d inverse temperatures; give 2 or more, the first 0 and the last 1", last+1)
	}
	for k := range last {
		if !(a.Betas[k] < a.Betas[k+1]) {
			return schema.Fieldf("betas", "%g is followed by %g; they must grow", a.Betas[k], a.Betas[k+1])
		}
	}
	return nil
}
