// Package pulsed has the update of a crossbar of resistive devices by coincidences of stochastic
// pulses, one presentation after the other.
package pulsed

import (
	"math"

	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/internal/state"
	"ergon/masks"
)

// Pulsed is the outer product of a presentation by coincidences of pulses on the lines of a
// crossbar (Gokmen & Vlasov 2016), with trains of pulses no longer than x and δ need,
// as in IBM's simulator aihwkit. Let x_i be the activities below an array of synapses (1 of biases), δ_j the errors
// above it, ∂loss/∂z of the batch's mean loss, and x, δ without index their largest
// magnitudes. In
//
//	BL = min(bl_max, ⌈η x δ/dw⌉)
//
// time slots line i fires with probability P_i = A|x_i| √(δ/x), line j with P_j = A|δ_j| √(x/δ),
// A = √(η/(dw BL)), both at most 1. A coincidence moves the weight by dw_ij(1 + cycle ξ) against
// the sign of x_i δ_j, ξ ~ N(0, 1): n of them by dw_ij(n + cycle √n ξ), which is then cut at ±bound.
// The device's own step is dw_ij = dw|1 + spread ξ_ij|, with ξ_ij drawn once. Unless a probability
// was cut at 1, the mean of Δw is that of gradient descent, -η x_i δ_j, wherever no bound is near.
type Pulsed struct {
	LearningRate float64 `key:"lr" doc:"learning rate η" in:"[0,inf)"`
	HalveEvery   int     `key:"halve_every" doc:"open steps after which the rate is halved, again and again: lr·2^-⌊n/halve_every⌋ after n; 0: it is not" in:"[0,1000000000]"`
	Step         float64 `key:"dw" doc:"mean step of a device by one pulse, in units of the weights" in:"(0,inf)"`
	Slots        int     `key:"bl_max" doc:"most time slots of a presentation" in:"[1,63]"`
	Bound        float64 `key:"bound" doc:"largest |w| that a device can hold; .inf: none" in:"(0,inf]"`
	Spread       float64 `key:"spread" doc:"standard deviation of the steps of devices, in units of dw" in:"[0,inf)"`
	Cycle        float64 `key:"cycle" doc:"standard deviation of the steps of one device from pulse to pulse, in units of its mean step" in:"[0,inf)"`
}

func init() {
	masks.Optimizers.Register("pulsed", schema.Doc{
		Summary: "Δw = -lr·x·δ by coincidences of stochastic pulses on rows and columns, dw each", Source: "Gokmen & Vlasov 2016, Front. Neurosci. 10:333; pulse trains as in aihwkit",
		Definition: "BL = min(bl_max, ⌈lr·max|x|·max|δ|/dw⌉) slots a presentation; row i fires with probability A|x_i|√(max|δ|/max|x|), column j with A|δ_j|√(max|x|/max|δ|), A = √(lr/(dw·BL)), at most 1. " +
			"n coincidences move w by dw_ij(n + cycle·√n·ξ), within ±bound; dw_ij = dw·|1 + spread·ξ_ij| is the device's own. M0 counts weights that moved in a step, whatever the number of their pulses.",
	}, func() masks.OptimizerSpec {
		return &Pulsed{LearningRate: 0.01, Step: 0.001, Slots: 31, Bound: 1, Spread: 0.3, Cycle: 0.3}
	})
}

// optimizer is a Pulsed with the devices of a network.
type optimizer struct {
	spec          *Pulsed
	bound         float32
	steps         int         // open ones
	devices       [][]float32 // dw_ij of each array
	rows, columns []philox.Stream
	cycles        []philox.Stream
	scratch       struct {
		number uint64 // of the step in progress
		arrays []*masks.Synapses
		lines  []lines // of each array
	}
}

var (
	_ masks.OptimizerSpec = (*Pulsed)(nil)
	_ masks.RuleChecker   = (*Pulsed)(nil)
	_ masks.Watching      = (*optimizer)(nil)
	_ masks.Revocable     = (*optimizer)(nil)
	_ masks.Sparse        = (*optimizer)(nil)
	_ masks.Vectorized    = (*optimizer)(nil)
	_ masks.Accounted     = (*optimizer)(nil)
	_ state.Stateful      = (*optimizer)(nil)
)

// New implements OptimizerSpec. Random numbers come from streams of each array: of its devices, of
// its rows and columns by step and line, and from pulse to pulse by step and synapse.
func (p *Pulsed) New(net masks.Network, seed uint64, name string) (masks.Optimizer, error) {
	o := &optimizer{spec: p, bound: float32(p.Bound), devices: net.Zeros()}
	all := masks.Arrays(net.Layers)
	for a, s := range all {
		of := func(what string) philox.Stream { return philox.New(seed, name+"/"+s.Name()+"/"+what) }
		o.rows, o.columns, o.cycles = append(o.rows, of("rows")), append(o.columns, of("columns")), append(o.cycles, of("cycles"))
		of("devices").Normals(0, 0, o.devices[a])
		for i, xi := range o.devices[a] {
			o.devices[a][i] = float32(p.Step * math.Abs(1+p.Spread*float64(xi)))
		}
	}
	o.scratch.lines = make([]lines, len(all))
	return o, nil
}

// CheckRule implements RuleChecker: what is sent along rows and columns must be the factors of the
// gradient. The errors of tied weights, and of pairs, only say where the gradient is 0.
func (p *Pulsed) CheckRule(r *masks.Rule, net masks.Network) error {
	for _, layer := range net.Layers {
		if layer.Tied || layer.Triangular {
			return schema.Fieldf("rule.optimizer.kind", "pulsed sends the factors of gradients along rows and columns, and a layer whose weights are those of another, or join its units to each other, has none; take sgd")
		}
	}
	if _, ok := r.Cache.(masks.NoCache); !ok {
		return schema.Fieldf("rule.cache", "changes weights later, or by other amounts, than the pulses of rule.optimizer pulsed; set none")
	}
	if _, ok := r.Synapse.(masks.Deterministic); !ok {
		return schema.Fieldf("rule.synapse.kind", "learns by rule.optimizer, and pulsed is meant for weights; take deterministic")
	}
	return nil
}

// rate returns the learning rate of the open step to come.
func (o *optimizer) rate() float64 {
	if o.spec.HalveEvery == 0 {
		return o.spec.LearningRate
	}
	return o.spec.LearningRate * math.Exp2(-float64(o.steps/o.spec.HalveEvery))
}

// Begin implements Optimizer.
func (o *optimizer) Begin() { o.steps++ }

// Revoke implements Revocable.
func (o *optimizer) Revoke() { o.steps-- }

// Traffic implements Accounted: nothing is remembered of a synapse but in its device.
func (*optimizer) Traffic(masks.Usage) (none masks.Traffic) { return none }

// State implements state.Stateful.
func (o *optimizer) State(v state.Visitor) { v.JSON("steps", &o.steps) }
