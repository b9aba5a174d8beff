package protocol

import (
	"math"

	"gonum.org/v1/gonum/optimize"
)

// falling is the learning rate η₀/(1 + t/half), the setting half of sgd, with what it costs
// until the target.
type falling struct {
	rate, half float64
	totals
}

// falling returns the one that costs least, with the selection that makes it cheapest, by
// Nelder and Mead's method over the logarithms of rate and half. It is the first order of the
// protocol: 1/η of the least M0 grows by a·(1-η) in a unit of t. Where M1 alone has a price
// there is none.
func (p *Protocol) falling() falling {
	none := falling{math.NaN(), math.NaN(), totals{cost: math.NaN()}}
	if p.fixed() == 0 {
		return none
	}
	first := p.at(p.Start).rate
	found, _ := optimize.Minimize(optimize.Problem{Func: func(x []float64) float64 {
		return math.Log(p.fallingFrom(math.Exp(x[0]), math.Exp(x[1])).cost)
	}}, []float64{math.Log(first), -math.Log(first)}, &optimize.Settings{FuncEvaluations: 300, Concurrent: 1}, &optimize.NelderMead{})
	if found == nil || math.IsInf(found.F, 0) {
		return none
	}
	return p.fallingFrom(math.Exp(found.X[0]), math.Exp(found.X[1]))
}

// fallingFrom follows e in the selection's own time u = a·t, in which the rate is η₀/(1 + u/h), by
// Runge and Kutta's steps of x = ln(1 + u/h): there e falls at the constant rate 2η₀h, but for
// the noise. What does not reach the target costs infinitely much.
func (p *Protocol) fallingFrom(rate, h float64) falling {
	step := min(0.05, 0.1/(rate*h))
	e, path, x := p.Start, 0.0, 0.0
	for range 20000 {
		nextE, nextPath := p.fallingStep(rate, h, x, step, e, path)
		if nextE < p.Target {
			low, high := 0.0, step
			for range 50 {
				step = (low + high) / 2
				if nextE, nextPath = p.fallingStep(rate, h, x, step, e, path); nextE < p.Target {
					high = step
				} else {
					low = step
				}
			}
			u := h * math.Expm1(x+step)
			c := p.selection(func(moments) float64 { return nextPath / u })
			return falling{rate, h / c.clock, p.price(totals{m0: c.share * u / c.clock, m1: c.size * nextPath / c.clock, time: u / c.clock})}
		}
		e, path, x = nextE, nextPath, x+step
		if !(e < 10*p.Start) { // it diverges
			break
		}
	}
	return falling{rate, h, totals{cost: math.Inf(1)}}
}

// fallingStep makes a step of e and of ∫ η√v du.
func (p *Protocol) fallingStep(rate, h, x, step, e, path float64) (nextE, nextPath float64) {
	slope := func(x, e float64) (float64, float64) {
		eta, du := rate*math.Exp(-x), h*math.Exp(x)
		v := p.variance(e)
		return -du * eta * (2*e - eta*v), du * eta * math.Sqrt(v)
	}
	e1, p1 := slope(x, e)
	e2, p2 := slope(x+step/2, e+step/2*e1)
	e3, p3 := slope(x+step/2, e+step/2*e2)
	e4, p4 := slope(x+step, e+step*e3)
	return e + step/6*(e1+2*e2+2*e3+e4), path + step/6*(p1+2*p2+2*p3+p4)
}
