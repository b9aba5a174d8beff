package unit

import (
	"math"

	"ergon/internal/schema"
)

// DReLU is a unit of any real x whose potential differs above and below zero: with
// x₊ = max(x, 0) and x₋ = max(-x, 0),
//
//	U = γ₊x₊²/2 + θ₊x₊ + γ₋x₋²/2 + θ₋x₋.
//
// So it is a [ReLU] with the field I-θ₊ and stiffness γ₊, or the negative of one with the
// field -I-θ₋ and γ₋. Both thresholds positive make small x likely, both negative make two
// humps; θ₊ = -θ₋ is a bias. γ = 1, θ = 0 is a Gaussian.
type DReLU struct {
	GammaPlus  float64 `key:"gamma_plus" doc:"stiffness γ₊ above zero" in:"(0,inf)"`
	GammaMinus float64 `key:"gamma_minus" doc:"stiffness γ₋ below zero" in:"(0,inf)"`
	ThetaPlus  float64 `key:"theta_plus" doc:"threshold θ₊ above zero, in units of the field" in:"(-inf,inf)"`
	ThetaMinus float64 `key:"theta_minus" doc:"threshold θ₋ below zero, of the negative field" in:"(-inf,inf)"`
}

var _ Unit = (*DReLU)(nil)

func init() {
	Kinds.Register("drelu", schema.Doc{
		Summary:    "two ReLUs back to back, each with a stiffness and a threshold that all units share",
		Source:     "Tubiana & Monasson 2017; Tubiana, Cocco & Monasson 2019",
		Definition: "U = γ₊x₊²/2 + θ₊x₊ + γ₋x₋²/2 + θ₋x₋ with x₋ = max(-x, 0) ≥ 0. Where x₋ is written as min(x, 0), θ₋ has the opposite sign.",
	}, func() Unit { return &DReLU{GammaPlus: 1, GammaMinus: 1} })
}

// States implements Unit.
func (d *DReLU) States() int { return 1 }

// Potential implements Unit.
func (d *DReLU) Potential(x []float64) (sum float64) {
	for _, v := range x {
		if v >= 0 {
			sum += (d.GammaPlus*v/2 + d.ThetaPlus) * v
		} else {
			sum += (d.GammaMinus*v/2 - d.ThetaMinus) * v
		}
	}
	return sum
}

// LogPartition implements Unit: e^Γ is the sum of both sides'.
func (d *DReLU) LogPartition(fields []float64) (sum float64) {
	plus, minus := d.sides()
	for _, f := range fields {
		a, _ := plus.truncated(f)
		b, _ := minus.truncated(-f)
		sum += max(a, b) + math.Log1p(math.Exp(-math.Abs(a-b)))
	}
	return sum
}

// Mean implements Unit: that of both sides by their probabilities.
func (d *DReLU) Mean(mean, fields []float64) {
	plus, minus := d.sides()
	for i, f := range fields {
		a, above := plus.truncated(f)
		b, below := minus.truncated(-f)
		p, q := odds(a - b)
		mean[i] = p*above - q*below
	}
}

// Sample implements Unit. Numbers below the probability of x < 0 are for its quantiles.
func (d *DReLU) Sample(x, fields []float64, words []uint32) {
	plus, minus := d.sides()
	for i, f := range fields {
		a, _ := plus.truncated(f)
		b, _ := minus.truncated(-f)
		p, q := odds(a - b)
		if u := uniform(words[i]); u < q {
			x[i] = -minus.above(-f, u/q)
		} else {
			x[i] = plus.above(f, (1-u)/p)
		}
	}
}

// odds returns p and 1-p where ln(p/(1-p)) is given.
func odds(logit float64) (p, q float64) {
	e := math.Exp(-math.Abs(logit))
	if p, q = 1/(1+e), e/(1+e); logit < 0 {
		return q, p
	}
	return p, q
}

// side is one of the two ReLUs: x = sy, where s = 1/√γ and y has stiffness 1 and feels the
// field s(f-θ).
type side struct{ scale, logScale, threshold float64 }

func (d *DReLU) sides() (plus, minus side) {
	return newSide(d.GammaPlus, d.ThetaPlus), newSide(d.GammaMinus, d.ThetaMinus)
}

func newSide(stiffness, threshold float64) side {
	return side{1 / math.Sqrt(stiffness), -math.Log(stiffness) / 2, threshold}
}

// truncated returns Γ and the mean of the side alone.
func (s side) truncated(f float64) (gamma, mean float64) {
	gamma, mean = truncated(s.scale * (f - s.threshold))
	return gamma + s.logScale, mean * s.scale
}

// above returns the x that the side alone is above with probability v.
func (s side) above(f, v float64) float64 {
	return s.scale * truncatedAbove(s.scale*(f-s.threshold), min(v, 1))
}
