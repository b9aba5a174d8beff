package mixture

import (
	"context"
	"fmt"
	"math"

	"ergon/internal/schema"
	"ergon/masks"
	"ergon/theory"
)

// Mixture is learning to tell Gaussian clusters apart by a single layer whose
// updates are masked and clipped, for infinitely many weights d at n = αd examples:
// the dynamical mean-field theory of stochastic gradient descent, in discrete time.
// Package mixture has the model, the equations and the simulation.
//
// m and c are the overlaps w·v*/d and |w|²/d. Everything is per synapse: m0 and m1
// are the share of synapses that the step from t on changes, and the mean |Δw| of
// it; dissipation is the mean of -Δw·G, what the step takes off the loss to first
// order in η, and without a clip η·p·⟨G²⟩. Totals are those of the steps before t,
// m1_min is the mean |w(t) - w(0)|, and inefficiency m1_total over that. The setting
// m0 is the overlap m(0), the column m0 the count of changes.
type Mixture struct {
	Clusters int     `key:"clusters" doc:"2, labelled by their sides; 3, the middle one against the outer two" in:"[2,3]"`
	Alpha    float64 `key:"alpha" doc:"α, examples per weight" in:"(0,inf)"`
	Delta    float64 `key:"delta" doc:"Δ, variance of a cluster in each direction" in:"(0,inf)"`
	Door     float64 `key:"door" doc:"L: three clusters are told apart by the sign of h² - L²" in:"[0,inf)"`
	Loss     string  `key:"loss" doc:"of the margin v: ln(1+e^-v), (v-1)²/2, or that below v = 1" oneof:"logistic|square|squared_hinge"`
	Lambda   float64 `key:"lambda" doc:"λ, strength of the ridge term λ|w|²/2" in:"[0,inf)"`
	R        float64 `key:"r" doc:"variance of the first weights" in:"(0,inf)"`
	M0       float64 `key:"m0" doc:"overlap of the first weights with the clusters' direction" in:"(-inf,inf)"`
	Eta      float64 `key:"eta" doc:"learning rate" in:"(0,inf)"`
	EtaLast  float64 `key:"eta_last" doc:"learning rate of the last step, reached geometrically; 0: the same in all" in:"[0,inf)"`
	P        float64 `key:"p" doc:"probability that a synapse may change in a step" in:"(0,1]"`
	B        float64 `key:"b" doc:"probability that an example takes part in a step" in:"(0,1]"`
	Tau      float64 `key:"tau" doc:"τ, for how long it does, in units of eta·steps; 0: drawn anew in each step" in:"[0,inf)"`
	Clip     float64 `key:"clip" doc:"κ, largest gradient of a synapse" in:"(0,inf]"`
	Steps    int     `key:"steps" doc:"steps of learning" in:"[1,1000]"`
	Paths    int     `key:"paths" doc:"sampled paths of a single example and a single synapse" in:"[1,100000000]"`
	Simulate int     `key:"simulate" doc:"simulated courses of learning; 0: prediction alone" in:"[0,100000]"`
	D        int     `key:"d" doc:"weights of a simulation" in:"[2,1000000]"`
	Seed     uint64  `key:"seed" doc:"of the paths' and the simulations' random numbers"`

	Rule masks.Rule `key:"rule" precision:"float32" doc:"what learns, as in a run, in place of eta, eta_last, p, clip and tau; not given: these do"`

	given []string // keys of the settings
}

var _ theory.Theory = (*Mixture)(nil)

func init() {
	theory.Theories.Register("mixture", schema.Doc{
		Summary: "learning curves of masked and clipped SGD on Gaussian clusters, by dynamical mean-field theory",
		Source:  "Mignacco, Krzakala, Urbani & Zdeborová 2020, arXiv 2006.06098, in discrete time and with the rules' stages",
	}, func() theory.Theory {
		return &Mixture{
			Clusters: 2, Alpha: 2, Delta: 0.5, Door: 0.7, Loss: "logistic", Lambda: 0.1, R: 0.01,
			Eta: 0.2, P: 0.5, B: 1, Clip: math.Inf(1), Steps: 50, Paths: 20_000, D: 600,
		}
	})
}

// Problem returns what is learned, as package mixture has it.
func (m *Mixture) Problem() *Problem {
	last := m.EtaLast
	if last == 0 {
		last = m.Eta
	}
	p := &Problem{
		Clusters: m.Clusters, Alpha: m.Alpha, Delta: m.Delta, Door: m.Door, Loss: Losses[m.Loss],
		Lambda: m.Lambda, R: m.R, M0: m.M0, Rates: Geometric(m.Eta, last, m.Steps),
		P: m.P, B: m.B, Tau: m.Tau, Clip: m.Clip, Rule: m.rule(),
	}
	if p.Rule != nil {
		p.Rates, p.P, p.Tau, p.Clip = Constant(1, m.Steps), 1, 0, math.Inf(1)
	}
	return p
}

// Validate refuses a τ too short for the learning rate, and what would take too
// much memory.
func (m *Mixture) Validate() error {
	p := m.Problem()
	if p.Rule != nil {
		if err := m.validateRule(); err != nil {
			return err
		}
	}
	if err := p.Validate(); err != nil && m.Tau > 0 {
		return schema.Fieldf("tau", "%v", err) // intervals have excluded the rest
	} else if err != nil {
		return schema.Fieldf("eta_last", "%v", err)
	}
	if err := p.CheckPaths(m.Paths); err != nil {
		return schema.Fieldf("paths", "%v", err)
	}
	if err := p.CheckSimulation(m.D); err != nil && m.Simulate > 0 {
		return schema.Fieldf("d", "%v", err)
	}
	return nil
}

// Predict implements Theory. The scalars bayes_error and oracle_error are floors
// under the column error: the best that the examples allow, and the best for who
// knows the clusters.
func (m *Mixture) Predict(ctx context.Context) (*theory.Result, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	p := m.Problem()
	p.Stepped = theory.ProgressCounter(ctx, m.Steps+1)
	predicted, err := p.Solve(ctx, m.Paths, m.Seed)
	if err != nil {
		return nil, err
	}
	simulated, err := m.simulate(ctx)
	if err != nil {
		return nil, err
	}
	compared := curves(predicted, simulated)
	if m.meanField() {
		dropCertain(compared)
	}
	result := theory.CurveTable("t", theory.Steps(m.Steps), compared...)
	result.Scalars["bayes_error"], result.Scalars["oracle_error"] = theory.Known(p.BayesError()), theory.Known(p.OracleError())
	result.Notes, result.Params = append(m.notes(), m.ruleNotes()...), m.params()
	return result, nil
}

// notes says what the numbers mean, and where they deceive.
func (m *Mixture) notes() []string {
	notes := []string{
		"per synapse; m0, m1 and dissipation are those of the step from t on, totals those of the steps before; the setting m0 is the overlap at t = 0",
	}
	if m.Clusters == 3 && m.M0 == 0 {
		notes = append(notes, "m0 0: the sides of three clusters look the same, and infinitely many weights never choose one; give an overlap to start from")
	}
	if m.M0 != 0 {
		notes = append(notes, "bayes_error is a floor for who has nothing but the examples; a start with an overlap knows more")
	}
	if m.Simulate > 0 {
		notes = append(notes,
			fmt.Sprintf("simulated inefficiencies are left out where %g or less is predicted: they rest on few weights, and have no error", minInefficiency),
			fmt.Sprintf("simulations of %d weights differ from infinitely many by a relative 1/d as well, and averages over %d paths have noise of their own: many simulations find both", m.D, m.Paths))
	}
	return notes
}
