package randommasks

import (
	"context"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/committee"
)

// way is how the goal is reached with a mask at one rate.
type way struct {
	p, rate float64
	clock   float64 // τ = p·t at the goal
	slope   float64 // dε/dτ there
}

const (
	mostClock   = 100.0 // τ at which learning gives up
	clockStep   = 0.02  // of the integration, in τ
	rates       = 48    // of the first search, from leastRate to mostRate over K·v²
	leastRate   = 0.05
	mostRate    = 20.0
	refinements = 24 // of the second, which each narrow the range by 0.62
)

// search returns the best way for each probability.
func (r *RandomMasks) search(ctx context.Context, list []float64) ([]way, error) {
	best := make([]way, len(list))
	done := theory.ProgressCounter(ctx, len(list)*(rates+refinements))
	err := theory.Parallel(ctx, len(list), func(i int) { best[i] = r.best(ctx, list[i], done) })
	if err != nil {
		return nil, err
	}
	for _, w := range best {
		if math.IsInf(w.clock, 1) {
			return nil, schema.Fieldf("eps", "with p = %g no rate reaches %g within p·t = %g; give more, or a smaller sigma", w.p, r.Goal, mostClock)
		}
	}
	return best, nil
}

// best returns the way of the fewest changes: the best of rates that go geometrically, and
// by golden section between its neighbours.
func (r *RandomMasks) best(ctx context.Context, p float64, done func()) way {
	rate := func(x float64) float64 {
		return leastRate * math.Pow(mostRate/leastRate, x/(rates-1)) / (float64(r.K) * r.V * r.V)
	}
	try := func(x, most float64) way {
		defer done()
		if ctx.Err() != nil {
			return way{p: p, clock: unreached}
		}
		return r.follow(p, rate(x), most)
	}
	best, at := way{p: p, clock: unreached}, 0
	for i := range rates {
		if w := try(float64(i), min(mostClock, best.clock)); w.clock < best.clock {
			best, at = w, i
		}
	}
	most := min(mostClock, 2*best.clock)
	golden := (math.Sqrt(5) - 1) / 2
	low, high := float64(at-1), float64(at+1)
	left, right := high-golden*(high-low), low+golden*(high-low)
	wayLeft, wayRight := try(left, most), try(right, most)
	for range refinements - 2 {
		if wayLeft.clock <= wayRight.clock {
			high, right, wayRight = right, left, wayLeft
			left = high - golden*(high-low)
			wayLeft = try(left, most)
		} else {
			low, left, wayLeft = left, right, wayRight
			right = low + golden*(high-low)
			wayRight = try(right, most)
		}
	}
	for _, w := range []way{wayLeft, wayRight} {
		if w.clock < best.clock {
			best = w
		}
	}
	return best
}

// follow integrates the equations until the goal, or until the clock most. ln ε is
// interpolated within the last step.
func (r *RandomMasks) follow(p, rate, most float64) way {
	e, s := committee.NewEquations(r.learning(p, rate), r.K), r.start()
	h, now := clockStep/p, 0.0
	first := e.Error(s)
	before := first
	for n := range int(math.Ceil(most / clockStep)) {
		e.RungeKutta(s, h)
		if now = e.Error(s); now <= r.Goal {
			fall := math.Log(now / before)
			return way{
				p: p, rate: rate, slope: r.Goal * fall / clockStep,
				clock: clockStep * (float64(n) + math.Log(r.Goal/before)/fall),
			}
		}
		if !(now < 3*first) { // it diverges
			break
		}
		before = now
	}
	return way{p: p, rate: rate, clock: unreached}
}
