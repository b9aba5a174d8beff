package protocol

import "math"

// control is what a presentation is learned with: the learning rate η, and the selection
// with its threshold in deviations, which random masks do not have.
type control struct {
	rate, threshold float64
	moments
}

// variance of δ where the distance is e.
func (p *Protocol) variance(e float64) float64 { return e + p.Noise*p.Noise }

// fixed is the price of a unit of t that does not depend on η, where all synapses change. Only
// whether it is zero matters.
func (p *Protocol) fixed() float64 { return p.Change + p.Duration }

// at returns the cheapest control where the distance is e.
func (p *Protocol) at(e float64) control {
	v := p.variance(e)
	c := p.selection(func(m moments) float64 { return p.rate(m, e) * math.Sqrt(v) })
	c.rate = p.rate(c.moments, e)
	return c
}

// rate returns the η at which (H + kη)/(2ηe - η²v) is least: the positive root of
// kv·η² + 2Hv·η - 2He = 0, in a form without cancellation.
func (p *Protocol) rate(m moments, e float64) float64 {
	v := p.variance(e)
	h, k := p.Change*m.share+p.Duration, p.Amount*m.size*math.Sqrt(v)
	if h == 0 {
		return 0
	}
	return 2 * h * e / (h*v + math.Sqrt(h*v*(h*v+2*k*e)))
}

// selection returns the given share, or the threshold c at which
//
//	(c₀·p(c) + c_T + c₁·amount·b(c))/a(c)
//
// is least. Its slope in c has the sign of
//
//	c²·c_T - c₀·(2cφ + 2Q(1-c²)) - 2·c₁·√(2/π)·amount·c·Q.
//
// Over c² it rises from -∞ to c_T, also if amount, that of a unit of t per b, is the one of the
// cheapest η at each c: then it grows more slowly than e^{c²/4}, and Q falls as e^{-c²/2}. So there is
// one root.
func (p *Protocol) selection(amount func(moments) float64) control {
	switch {
	case p.Select == "random" && p.Share == 0:
		return control{moments: randomly(1)}
	case p.Select == "random":
		return control{moments: randomly(p.Share)}
	case p.Share > 0:
		c := threshold(p.Share)
		return control{threshold: c, moments: beyond(c)}
	}
	low, high := 0.0, 8.0 // beyond which lie less than 10⁻¹⁵
	for range 60 {
		c := (low + high) / 2
		if p.slope(c, amount(beyond(c))) < 0 {
			low = c
		} else {
			high = c
		}
	}
	return control{threshold: low, moments: beyond(low)}
}

// slope has the sign by which the cost of a unit of progress changes with the threshold c.
func (p *Protocol) slope(c, amount float64) float64 {
	tail, peak := math.Erfc(c/math.Sqrt2), 2*density(c)
	change := p.Change * (c*peak + tail*(1-c*c))
	return c*c*p.Duration - change - p.Amount*math.Sqrt(2/math.Pi)*amount*c*tail
}

// totals are what a course of learning costs per synapse: M0/N, M1/√N, presentations/N,
// and the price of all.
type totals struct{ m0, m1, time, cost float64 }

// price returns totals with their cost. What has no price costs nothing, even if it is infinite.
func (p *Protocol) price(t totals) totals {
	t.cost = 0
	for _, part := range [][2]float64{{p.Change, t.m0}, {p.Amount, t.m1}, {p.Duration, t.time}} {
		if part[0] > 0 {
			t.cost += part[0] * part[1]
		}
	}
	return t
}
