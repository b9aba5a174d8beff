package ridge

import (
	"math"
)

// Stationary returns what m and e tend to where learning is stable. With λ it is the
// minimum of the loss, whatever p is; without, and with fewer examples than inputs,
// modes of eigenvalue zero keep their start and what masks have added to it.
func (r *Ridge) Stationary() (overlap, distance float64) {
	law, noise := marchenkoPastur(r.Alpha), r.Noise*r.Noise
	if r.Lambda > 0 {
		s, squared := law.resolvent(-r.Lambda), law.resolventSquared(-r.Lambda)
		return 1 - r.Lambda*s, r.Lambda*r.Lambda*squared + noise*(s-r.Lambda*squared)
	}
	hidden := law.zeros()
	away := (1-r.Overlap)*(1-r.Overlap) + r.Spread + r.accumulated()
	overlap, distance = 1-hidden+hidden*r.Overlap, hidden*away
	if noise > 0 {
		distance += noise * min(r.Alpha, 1) / math.Abs(r.Alpha-1) // s²⟨1/x⟩ of those that are not zero
	}
	return overlap, distance
}

// accumulated returns what masks add, over all steps, to the variance of a mode of
// eigenvalue zero, η²p(1-p)·Σ⟨G²⟩, for λ = 0: the sum over all steps of
// ⟨G²(t)⟩ = ⟨x²a²ᵗS(0)⟩ + η²p(1-p)·Σ_{s<t} ⟨x²a^{2(t-1-s)}⟩·⟨G²(s)⟩.
func (r *Ridge) accumulated() float64 {
	if r.P == 1 {
		return 0
	}
	law, rate := marchenkoPastur(r.Alpha), r.P*r.LearningRate
	pole := 2 / rate
	visible := 1 - law.zeros()
	first := -law.resolvent(pole) - law.zeros()/pole // ⟨1/(2/pη - x)⟩ of those that are not zero
	start := (1-r.Overlap)*(1-r.Overlap) + r.Spread
	direct := (start*(pole*first-visible) + r.Noise*r.Noise*first) / (rate * rate)
	feedback := (1 - r.P) / r.P * (pole*first - visible)
	return r.LearningRate * r.LearningRate * r.P * (1 - r.P) * direct / (1 - feedback)
}

// Stability returns η_c, the least learning rate at which e grows without end. Either
// the mean of the largest mode oscillates more and more, from η = 2/(p(x₊+λ)) on, or
// the noise of the masks feeds itself, from
//
//	η(1-p)·⟨(x+λ)/(2 - pη(x+λ))⟩ = 1
//
// on. By the equation of the resolvent this is quadratic in 2/(pη), with the root
//
//	η_c = 4(1-p)/(b + √(b² - 4p(1-p)λ)),   b = p + (1-p)(α+λ),
//
// and comes first if (1-p)(x₊+λ) > 1 + √α. For p → 0 it is 2/(α+λ).
func (r *Ridge) Stability() float64 {
	_, high := marchenkoPastur(r.Alpha).edges()
	rest := 1 - r.P
	if rest*(high+r.Lambda) <= 1+math.Sqrt(r.Alpha) {
		return 2 / (r.P * (high + r.Lambda))
	}
	b := r.P + rest*(r.Alpha+r.Lambda)
	return 4 * rest / (b + math.Sqrt(b*b-4*r.P*rest*r.Lambda))
}

// Contraction returns the factor by which √⟨D²⟩ shrinks in a step in the long run:
// the largest |a|, or the k above it at which the noise of the masks sustains
// itself, η²p(1-p)·⟨(x+λ)²/(k²-a²)⟩ = 1.
func (r *Ridge) Contraction() float64 {
	least := r.slowest()
	noise := r.LearningRate * r.LearningRate * r.P * (1 - r.P)
	if noise == 0 {
		return least
	}
	low, high := least, math.Sqrt(least*least+noise*((r.Alpha+r.Lambda)*(r.Alpha+r.Lambda)+r.Alpha))
	for range 100 {
		k := low + (high-low)/2
		if noise*r.sustained(k) > 1 {
			low = k
		} else {
			high = k
		}
	}
	return high
}

// slowest returns the largest |a| of a mode that learns.
func (r *Ridge) slowest() float64 {
	low, high := marchenkoPastur(r.Alpha).edges()
	if r.Alpha < 1 && r.Lambda > 0 {
		low = 0
	}
	keep := func(x float64) float64 { return math.Abs(1 - r.P*r.LearningRate*(x+r.Lambda)) }
	return max(keep(low), keep(high))
}

// sustained returns ⟨u²/(k²-a²)⟩, u = x + λ, for k above all |a|, by its poles
// u = (1±k)/(pη).
func (r *Ridge) sustained(k float64) float64 {
	law, rate := marchenkoPastur(r.Alpha), r.P*r.LearningRate
	residue := func(u float64) float64 {
		if u == 0 {
			return 0
		}
		return u * u * law.resolvent(u-r.Lambda)
	}
	return (rate/(2*k)*(residue((1-k)/rate)-residue((1+k)/rate)) - 1) / (rate * rate)
}

// finiteSizeExcess bounds by how much the S of the largest mode is larger in a simulation
// than in theory, relatively and to first order in 1/d: with finitely many modes the noise
// that a mask adds to a mode depends on the mode itself, which adds 2η²p(1-p)(x+λ)²/d of S
// in each step.
func (r *Ridge) finiteSizeExcess() float64 {
	_, high := marchenkoPastur(r.Alpha).edges()
	top := r.LearningRate * (high + r.Lambda)
	return 2 * r.P * (1 - r.P) * top * top * float64(r.Steps) / float64(r.D)
}
