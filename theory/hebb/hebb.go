// Package hebb is the theory called hebb: what it costs to learn labels by Hebb's rule in
// a heat bath, over what is learned.
package hebb

import (
	"context"
	"fmt"
	"math"

	"ergon/internal/schema"
	"ergon/theory"
)

// Hebb is batch learning of P = αN random labels by N weights at kT = 1. Each weight lies in
// a trap, and a force draws it to what Hebb's rule says:
//
//	dw = (-w + νF) dt + √2 dB,   F_n = Σ_μ ξ_n^μ σ^μ/√N.
//
// At rest w_n ~ N(νF_n, 1), and the stability Δ = w·ξσ/√N of a label is N(ν, 1+αν²) for
// large N. The network answers +1 with probability 1/(1+e^{-A}), A = w·ξ/√N, so that it is
// right with
//
//	p_C = ⟨1/(1+e^{-Δ})⟩   and knows   I = ln 2 - S(p_C)
//
// of each label. Learning raises the entropy of a weight by ½ ln(1+αν²) and gives the heat Q
// to the bath: αν²/2 if the force is sudden, 0 if it grows slowly. By the second law what is
// learned is no more than that, and the efficiency
//
//	η = αI/(½ ln(1+αν²) + Q)
//
// is at most 1. All is in nats for each weight, and in units of kT.
type Hebb struct {
	Nu       float64 `key:"nu" doc:"ν, the learning rate: strength of the force" in:"[1e-100,1000]"`
	Alpha    float64 `key:"alpha" doc:"α, labels for each weight" in:"[1e-100,10000]"`
	Drive    string  `key:"drive" doc:"how the force is turned on: sudden, at once; slow, as slowly as you like" oneof:"sudden|slow"`
	Simulate int     `key:"simulate" doc:"simulated networks; 0: prediction alone" in:"[0,10000]"`
	N        int     `key:"n" doc:"weights of a simulated network; α n labels must be a whole number" in:"[10,100000]"`
	Seed     uint64  `key:"seed" doc:"of the simulation's random numbers"`
}

var _ theory.Theory = (*Hebb)(nil)

func init() {
	theory.Theories.Register("hebb", schema.Doc{
		Summary: "what Hebb's rule learns in a heat bath, over the heat and entropy that it costs",
		Source:  "Goldt & Seifert 2017, Phys. Rev. Lett. 118, 010601",
	}, func() theory.Theory { return &Hebb{Nu: 1, Alpha: 1, Drive: "sudden", N: 1000} })
}

// mostCouplings bounds the labels times weights of a simulated network: a few seconds.
const mostCouplings = 1 << 30

// Validate refuses simulations without a whole number of labels, and those too large.
func (h *Hebb) Validate() error {
	labels := h.Alpha * float64(h.N)
	switch {
	case h.Simulate == 0:
	case labels < 0.5 || math.Abs(labels-math.Round(labels)) > 1e-9*labels:
		return schema.Fieldf("n", "times alpha is %g labels, and a simulation needs a whole number of them", labels)
	case labels*float64(h.N) > mostCouplings:
		return schema.Fieldf("n", "%d weights and %g labels are more than %d couplings; give fewer", h.N, labels, mostCouplings)
	}
	return nil
}

// Predict implements Theory. The numbers of the one row are the scalars, too.
func (h *Hebb) Predict(ctx context.Context) (*theory.Result, error) {
	networks, err := h.simulate(ctx)
	if err != nil {
		return nil, err
	}
	all := h.exact().quantities(h.Alpha)
	if len(networks) > 0 {
		for i, e := range estimates(networks, h.Alpha) {
			all[i].Simulations = theory.Simulated(e)
		}
	}
	result := theory.Table([][]theory.Quantity{append([]theory.Quantity{theory.Value("nu", h.Nu), theory.Value("alpha", h.Alpha)}, all...)})
	for _, q := range all {
		result.AddScalar(q)
	}
	result.Notes = []string{
		"information in nats of each label, at most ln 2; heat in kT and variance for each weight; efficiency = alpha·information/(½ ln variance + heat)",
		fmt.Sprintf("the second law asks for at least alpha·information = %.6g kT for each weight, and %s learning takes %.6g", h.Alpha*h.exact().information(), h.Drive, h.exact().cost()),
	}
	return result, nil
}

// state is what learning has led to.
type state struct {
	advantage float64 // 2 p_C - 1
	heat      float64 // kT for each weight
	spread    float64 // of a weight, its variance less that of the bath, 1
}

// exact returns the state of infinitely many weights.
func (h *Hebb) exact() state {
	spread := h.Alpha * h.Nu * h.Nu
	s := state{advantage: meanTanh(h.Nu, math.Sqrt(1+spread)), spread: spread}
	if h.Drive == "sudden" {
		s.heat = spread / 2
	}
	return s
}

// information returns ln 2 - S(p_C) in nats, as ½[(1+m) ln(1+m) + (1-m) ln(1-m)] with
// m = 2 p_C - 1. Where m is small the terms cancel, and their series is taken.
func (s state) information() float64 {
	m := s.advantage
	if math.Abs(m) < 1e-3 {
		return m * m * (1./2 + m*m*(1./12+m*m/30))
	}
	if math.Abs(m) >= 1 {
		return math.Ln2
	}
	return ((1+m)*math.Log1p(m) + (1-m)*math.Log1p(-m)) / 2
}

// cost returns the entropy that a weight gains and the heat that it gives to the bath.
func (s state) cost() float64 { return math.Log1p(s.spread)/2 + s.heat }

// quantities lists the numbers of a result.
func (s state) quantities(alpha float64) []theory.Quantity {
	return []theory.Quantity{
		{Name: "p_correct", Predicted: (1 + s.advantage) / 2},
		{Name: "information", Predicted: s.information()},
		{Name: "heat", Predicted: s.heat},
		{Name: "variance", Predicted: 1 + s.spread},
		{Name: "efficiency", Predicted: alpha * s.information() / s.cost()},
	}
}

// meanTanh returns ⟨tanh(Δ/2)⟩ over Δ ~ N(mean, deviation²), mean ≥ 0, by the trapezoidal rule, whose
// error is exponentially small for a function that is analytic: tanh(Δ/2) has its nearest
// pole at iπ, four of whose π are a step here, at most. Points at ±z go together: of a
// small mean nothing cancels.
func meanTanh(mean, deviation float64) float64 {
	const far = 9 // deviations: what lies beyond has a weight of 1e-18
	step := min(0.25, 0.75/deviation)
	sum, weights := math.Tanh(mean/2), 1.0
	for k := 1; k <= int(far/step); k++ {
		z := float64(k) * step
		weight := math.Exp(-z * z / 2)
		sum += weight * tanhPair(mean, deviation*z)
		weights += 2 * weight
	}
	return sum / weights
}

// tanhPair returns tanh((m+d)/2) + tanh((m-d)/2) = sinh m/(cosh((m+d)/2)·cosh((m-d)/2)), of which only the second
// form has all digits where m is small.
func tanhPair(m, d float64) float64 {
	if m > 1 {
		return math.Tanh((m+d)/2) + math.Tanh((m-d)/2)
	}
	return math.Sinh(m) / (math.Cosh((m+d)/2) * math.Cosh((m-d)/2))
}
