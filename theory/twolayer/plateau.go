package twolayer

import (
	"math"
)

// plateau finds where ε falls slowest before it falls fast again. The rate is -d ln ε/dt.
// After the rate's first maximum, the plateau is at the minimum of the rate from which it
// grows by half or more. Its height is ε there; it is escaped when ε is half of that.
type plateau struct {
	last, rate       float64 // ε and its rate at the last time
	falling          bool    // the rate had its first maximum
	slowest          float64 // least rate since
	height, at       float64 // ε and t there
	confirmed, ended bool
	escape           float64
}

func newPlateau(eps float64) *plateau { return &plateau{last: eps, rate: math.Inf(-1)} }

// noticeable is the rate above which ε falls by more than rounding.
const noticeable = 1e-9

// observe enters ε at time t, h after the last time.
func (p *plateau) observe(t, h, eps float64) {
	rate := math.Log(p.last/eps) / h
	switch {
	case p.ended:
	case p.confirmed:
		p.ended, p.escape = eps <= p.height/2, t
	case !p.falling:
		p.falling = rate < p.rate
		p.slowest, p.height, p.at = rate, eps, t
	case rate < p.slowest:
		p.slowest, p.height, p.at = rate, eps, t
	default:
		p.confirmed = rate > noticeable && rate >= 1.5*p.slowest && eps > 1e-12
	}
	p.last, p.rate = eps, rate
}

// found returns the plateau's height and time and the time at which it is escaped, nil for
// what was not found.
func (p *plateau) found() (height, at, escape *float64) {
	if p.confirmed {
		height, at = &p.height, &p.at
	}
	if p.ended {
		escape = &p.escape
	}
	return height, at, escape
}
