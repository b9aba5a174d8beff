package boltzmann

import (
	"math"

	"ergon/internal/parallel"
)

// ensemble sums over all states of n binary units s with fields f [n] and couplings J [n,n],
// of which those of i < j count: p(s) = e^(f·s + Σ_{i<j} s_i J_ij s_j)/Z. Sums are float64.
//
// The first units, at most lowUnits, are the low ones, the others the high ones. A state of
// the high units adds to the fields of the low ones, whose states are then one row of
// neighbouring numbers: a row of -E costs an addition a state and its moments, by folding it,
// two more. So a sum takes little more than an exponential a state.
type ensemble struct {
	n, low    int
	couplings []float64 // [n,n], the given ones
	pairsLow  []float64 // [2^low] Σ_{i<j} s_i J_ij s_j of the low units, of each state
	pairsHigh []float64 // [2^(n-low)], of the high ones

	lowE, highE []float64 // [2^low], [2^(n-low)]: -E of low and of high units by themselves
	shares      []share   // of the high units' states
	weightHigh  []float64 // [2^(n-low)] Σ over low units of e^(-E-most), of each state of the high ones

	pool        *parallel.Pool // nil: one core
	most        float64        // the largest -E of all states
	moment      bool           // whether moments are summed
	search, add func(i int)    // the pool's loop bodies: a new closure in each sum would allocate
	scratch     []float64      // [n]
	half        []float64      // for half of the states of low or of high units

	lnZ     float64
	moments []float64 // [n,n] ⟨s_i s_j⟩ for i < j, ⟨s_i⟩ on the diagonal
}

// share is a chunk of the high units' states, with what is summed over them.
type share struct {
	from, to  int       // states of the high units
	most      float64   // the largest -E
	row       []float64 // [2^low] scratch
	fields    []float64 // [low] scratch
	mean      []float64 // [low] scratch
	weightLow []float64 // [2^low] Σ over the high units' states, of each state of the low ones
	cross     []float64 // [low,n-low] Σ s_i s_j e^(-E-most), i low and j high
}

const (
	lowUnits   = 10 // their states are 8 kB of float64, which stay in the nearest cache
	mostShares = 32 // fixed: sums do not depend on the number of cores
)

// newEnsemble makes room for sums over n units, by the workers of pool.
func newEnsemble(n int, pool *parallel.Pool) *ensemble {
	e := &ensemble{n: n, low: min(n, lowUnits), pool: pool, moments: make([]float64, n*n), scratch: make([]float64, n)}
	e.search = func(i int) { e.findMost(&e.shares[i]) }
	e.add = func(i int) { e.addShare(&e.shares[i]) }
	low, high := 1<<e.low, 1<<(n-e.low)
	e.pairsLow, e.pairsHigh = make([]float64, low), make([]float64, high)
	e.lowE, e.highE, e.weightHigh = make([]float64, low), make([]float64, high), make([]float64, high)
	e.half = make([]float64, max(low, high)/2)
	e.shares = make([]share, min(high, mostShares))
	for i := range e.shares {
		from, to := parallel.Split(high, len(e.shares), i)
		e.shares[i] = share{
			from: from, to: to, row: make([]float64, low), weightLow: make([]float64, low),
			fields: make([]float64, e.low), mean: make([]float64, e.low), cross: make([]float64, e.low*(n-e.low)),
		}
	}
	return e
}

// couple sets the couplings J [n,n], which must not change before sum.
func (e *ensemble) couple(couplings []float64) {
	e.couplings = couplings
	e.pair(e.pairsLow, 0)
	e.pair(e.pairsHigh, e.low)
}

// pair writes the energies -E of pairs among units first, first+1, …, of each of their states.
func (e *ensemble) pair(energies []float64, first int) {
	energies[0] = 0
	fields := e.scratch
	for k := 0; 1<<k < len(energies); k++ { // unit first+k is added to those before it
		half := energies[1<<k : 2<<k]
		for i := range k {
			fields[i] = e.couplings[(first+i)*e.n+first+k]
		}
		linear(half, 0, fields[:k])
		for s, pairs := range energies[:1<<k] {
			half[s] += pairs
		}
	}
}

// linear writes c + Σ f_i s_i of all states s of len(f) units, [2^len(f)].
func linear(sums []float64, c float64, f []float64) {
	sums[0] = c
	for k, field := range f {
		lower, upper := sums[:1<<k], sums[1<<k:2<<k]
		for s, sum := range lower {
			upper[s] = sum + field
		}
	}
}

// sum computes ln Z, and the moments if they are asked for.
func (e *ensemble) sum(fields []float64, moments bool) {
	linear(e.lowE, 0, fields[:e.low])
	linear(e.highE, 0, fields[e.low:e.n])
	for s, pairs := range e.pairsLow {
		e.lowE[s] += pairs
	}
	for s, pairs := range e.pairsHigh {
		e.highE[s] += pairs
	}
	e.most, e.moment = math.Inf(-1), moments
	e.pool.Run(len(e.shares), e.search)
	for i := range e.shares {
		e.most = max(e.most, e.shares[i].most) // NaN stays
	}
	e.pool.Run(len(e.shares), e.add)
	z := 0.0
	for _, weight := range e.weightHigh {
		z += weight
	}
	if e.lnZ = e.most + math.Log(z); moments {
		e.complete(z)
	}
}

// energies writes -E of all states of the low units, given a state of the high ones.
func (e *ensemble) energies(c *share, high int) {
	clear(c.fields)
	for j := e.low; j < e.n; j++ {
		if high>>(j-e.low)&1 == 1 {
			for i := range c.fields {
				c.fields[i] += e.couplings[i*e.n+j]
			}
		}
	}
	linear(c.row, e.highE[high], c.fields)
	for s, own := range e.lowE {
		c.row[s] += own
	}
}

// findMost finds the largest -E of a share.
func (e *ensemble) findMost(c *share) {
	c.most = math.Inf(-1)
	for high := c.from; high < c.to; high++ {
		e.energies(c, high)
		for _, x := range c.row {
			c.most = max(c.most, x)
		}
	}
}

// addShare adds up the weights e^(-E-most) of a share.
func (e *ensemble) addShare(c *share) {
	clear(c.weightLow)
	clear(c.cross)
	for high := c.from; high < c.to; high++ {
		e.energies(c, high)
		total := 0.0
		for s, x := range c.row {
			w := math.Exp(x - e.most)
			c.row[s] = w
			total += w
		}
		if e.weightHigh[high] = total; !e.moment {
			continue
		}
		for s, w := range c.row {
			c.weightLow[s] += w
		}
		fold(c.mean, c.row)
		for j := range e.n - e.low {
			if high>>j&1 == 1 {
				for i, m := range c.mean {
					c.cross[i*(e.n-e.low)+j] += m
				}
			}
		}
	}
}

// complete makes the moments of what the shares have added up.
func (e *ensemble) complete(z float64) {
	first := &e.shares[0]
	for i := range e.shares[1:] {
		for s, w := range e.shares[i+1].weightLow {
			first.weightLow[s] += w
		}
		for k, w := range e.shares[i+1].cross {
			first.cross[k] += w
		}
	}
	high := e.n - e.low
	for i := range e.low {
		for j := range high {
			e.moments[i*e.n+e.low+j] = first.cross[i*high+j] / z
		}
	}
	e.foldPairs(first.weightLow, 0, e.low, z)
	e.foldPairs(e.weightHigh, e.low, high, z)
}

// foldPairs makes the moments among n units from first on, of the weights of their states, and
// destroys these.
func (e *ensemble) foldPairs(w []float64, first, n int, z float64) {
	mean, half := e.scratch, e.half
	for k := n - 1; k >= 0; k-- {
		lower, upper := w[:1<<k], w[1<<k:2<<k]
		copy(half[:1<<k], upper)
		e.moments[(first+k)*(e.n+1)] = fold(mean[:k], half[:1<<k]) / z
		for i, m := range mean[:k] {
			e.moments[(first+i)*e.n+first+k] = m / z
		}
		for s, x := range upper {
			lower[s] += x
		}
	}
}

// fold returns Σ w over all states of len(mean) units, and writes Σ s_i w. It destroys w.
func fold(mean, w []float64) float64 {
	for k := len(mean) - 1; k >= 0; k-- {
		lower, upper := w[:1<<k], w[1<<k:2<<k]
		total := 0.0
		for s, x := range upper {
			total += x
			lower[s] += x
		}
		mean[k] = total
	}
	return w[0]
}
