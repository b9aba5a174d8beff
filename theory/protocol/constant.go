package protocol

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// steady is a constant learning rate and selection, with what they cost until the target.
type steady struct {
	control
	totals
}

// stable is the constant learning rate from which on e does not reach the target: e∞ =
// ηs²/(2-η) is the target there, and for s = 0 learning diverges.
func (p *Protocol) stable() float64 { return 2 * p.Target / p.variance(p.Target) }

// constant returns the constant rate of the setting, or the one that costs least. Without a
// price of changes and time that is η → 0, as for the protocol.
func (p *Protocol) constant() steady {
	if p.Constant > 0 {
		return p.steady(p.Constant)
	}
	if p.fixed() == 0 {
		s := steady{control: p.at(p.Start), totals: p.totals()}
		return s
	}
	most := math.Log(p.stable())
	rate := math.Exp(leastOf(func(x float64) float64 { return p.steady(math.Exp(x)).cost }, most-30, most))
	return p.steady(rate)
}

// steady returns what a constant rate costs, with the selection that makes it cheapest. With
// e∞ = ηs²/(2-η) and the clock a
//
//	t = ln[(e₀-e∞)/(e-e∞)]/(aη(2-η)),   M1/√N = b·∫ √(e∞+s²+e^x) dx/(a(2-η)),   x from ln(e-e∞) to ln(e₀-e∞).
func (p *Protocol) steady(rate float64) steady {
	floor := rate * p.Noise * p.Noise / (2 - rate)
	low, high := math.Log(p.Target-floor), math.Log(p.Start-floor)
	if !(p.Target > floor) { // by rounding
		low = math.Inf(-1)
	}
	time, path := (high-low)/(rate*(2-rate)), math.Inf(1)
	if !math.IsInf(low, 0) {
		path = pieces(low, high, func(x float64) float64 { return math.Sqrt(p.variance(floor + math.Exp(x))) }) / (2 - rate)
	}
	c := p.selection(func(moments) float64 { return path / time })
	c.rate = rate
	return steady{c, p.price(totals{m0: c.share * time / c.clock, m1: c.size * path / c.clock, time: time / c.clock})}
}

// pieces integrates f by Gauss and Legendre's rule, 16 points for each unit of its argument.
func pieces(low, high float64, f func(float64) float64) (sum float64) {
	n := int(high-low) + 1
	for i := range n {
		from, to := low+(high-low)*float64(i)/float64(n), low+(high-low)*float64(i+1)/float64(n)
		sum += quad.Fixed(f, from, to, 16, quad.Legendre{}, 1)
	}
	return sum
}

// leastOf returns where f is least between low and high: the best of a grid, refined by the
// golden section. Values that are no numbers count as infinite.
func leastOf(f func(float64) float64, low, high float64) float64 {
	const grid = 200
	best, least := low, math.Inf(1)
	for i := range grid {
		x := low + (high-low)*float64(i)/grid
		if y := f(x); y < least {
			best, least = x, y
		}
	}
	width := (high - low) / grid
	return golden(f, best-width, min(high, best+width))
}

// golden narrows an interval that has one minimum in it.
func golden(f func(float64) float64, low, high float64) float64 {
	ratio := (math.Sqrt(5) - 1) / 2
	left, right := high-ratio*(high-low), low+ratio*(high-low)
	atLeft, atRight := f(left), f(right)
	for range 60 {
		if atLeft <= atRight {
			high, right, atRight = right, left, atLeft
			left = high - ratio*(high-low)
			atLeft = f(left)
		} else {
			low, left, atLeft = left, right, atRight
			right = low + ratio*(high-low)
			atRight = f(right)
		}
	}
	return (low + high) / 2
}
