package idealgas

import "math"

// state is what the gas settles to, by its equation of state. n = D-1 degrees of freedom move along the
// sphere of radius r.
type state struct {
	r, volume, temperature float64
	energy, entropy        float64
}

// state returns that at a rate and a decay.
//
// A step's noise lengthens |x|² by pη²σ²n/r², decay shortens it by 2ηλr². At a fixed rate η these are equal
// at r⁴ = pησ²n/2λ. At a fixed effective rate, η = η_e·r², they are at r² = pη_eσ²n/2λ. Both are λV = p·n·T/2.
func (g *IdealGas) state(rate, decay float64) state {
	n := float64(g.D - 1)
	square := g.P * rate * g.Sigma * g.Sigma * n / (2 * decay)
	t := rate * g.Sigma * g.Sigma / 2
	if g.Hold == "rate" {
		square = math.Sqrt(square)
		t /= square
	}
	return state{
		r: math.Sqrt(square), volume: square / 2, temperature: t,
		energy:  energy(float64(g.D), t),
		entropy: n/2*math.Log(2*math.Pi*math.E*t) + n/2*math.Log(square),
	}
}

// energy returns ⟨U⟩ of the law e^{-U/T} on the sphere of D dimensions, von Mises' and Fisher's:
// 1 - I_{D/2}(1/T)/I_{D/2-1}(1/T), about (D-1)·T/2. The ratio of Bessel functions is the continued fraction
// 1/(D·T + 1/((D+2)·T + …)).
func energy(d, t float64) float64 {
	const most = 1 << 22
	if 40/t > most { // T is so small that the next order is beyond float64
		return (d - 1) / 2 * t * (1 - (d-3)/4*t)
	}
	ratio := 0.0
	for k := int(40/t) + 40; k >= 0; k-- {
		ratio = 1 / ((d+2*float64(k))*t + ratio)
	}
	return 1 - ratio
}
