package train

import (
	"fmt"

	"ergon/configs"
	"ergon/datasets"
	"ergon/graph"
	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/likelihood"
	"ergon/graph/boltzmann/unit"
	"ergon/graph/engine"
	"ergon/internal/schema"
	"ergon/masks"
)

// checkGenerative refuses what a config asks for and a Boltzmann machine cannot do, and what
// only such a machine can.
func checkGenerative(c *configs.Config, m graph.Model, e engine.Engine) error {
	g, ok := m.(graph.Generative)
	if !ok {
		return checkNotGenerative(c)
	}
	if _, ok := engine.DeviceOf(e); ok {
		return schema.Under("engine", schema.Fieldf("device", "sampling has no kernels for the GPU; set cpu"))
	}
	switch rule := &c.Rule; {
	case !rule.Gate.Always():
		return schema.Fieldf("rule.gate", "%s decides by answers and targets, and a Boltzmann machine has none; set none", masks.Gates.Name(rule.Gate))
	case !rule.Error.KeepsAll():
		return schema.Fieldf("rule.error", "%s keeps errors that are sent back, and a Boltzmann machine sends none; set full", masks.Errors.Name(rule.Error))
	case !deterministic(rule.Synapse):
		return schema.Fieldf("rule.synapse", "a Boltzmann machine samples with the weights that it has; set deterministic")
	case c.Train.StopAt > 0:
		return schema.Fieldf("train.stop_at", "%v is an accuracy, and a Boltzmann machine gives no answers; set 0", c.Train.StopAt)
	case c.Train.Sustained():
		return schema.Fieldf("train.crossing", "sustained is a mean of accuracies, and a Boltzmann machine gives no answers; set first: likelihood.goals are reached by the first evaluation at or above")
	case c.Train.Chains > 0 && g.Negative() == graph.Contrastive:
		return schema.Fieldf("train.chains", "%d, and with model.negative=cd there are as many as presentations; set 0", c.Train.Chains)
	case c.Train.Chains > 0 && g.Negative() == graph.Enumerated:
		return schema.Fieldf("train.chains", "%d, and nothing is sampled where all states are enumerated; set 0", c.Train.Chains)
	case c.Train.Gibbs > 0 && g.Negative() == graph.Enumerated:
		return schema.Fieldf("train.gibbs", "%d, and nothing is sampled where all states are enumerated; set 0", c.Train.Gibbs)
	case c.Free.Window > 0:
		return schema.Fieldf("free_energy.window", "%d: U is the loss on all training examples, which a Boltzmann machine knows up to ln Z only; set 0", c.Free.Window)
	}
	return checkLikelihood(c, g)
}

// checkLikelihood refuses a way to find the likelihood that a machine does not have: it would be
// missed at the end of a run.
func checkLikelihood(c *configs.Config, g graph.Generative) error {
	restricted, sampled := g.(*boltzmann.Model)
	switch l := c.Likelihood; {
	case l.Witnessing() > 0 && g.Negative() == graph.Enumerated:
		return schema.Fieldf("likelihood.witnesses", "chains are not sampled where all states are enumerated and ln Z is known; set 0, and method auto")
	case l.Method == "ais" && !sampled:
		return schema.Fieldf("likelihood.method", "ais samples, and model.kind=%s sums over all its states; set auto", graph.Kinds.Name(c.Model))
	case l.Method == "exact" && sampled:
		m := restricted.Machine()
		if likelihood.Enumerated(&m) > likelihood.MostEnumerated {
			return schema.Fieldf("likelihood.method", "exact sums over all states of one side, which must be at most %d units that are 0 or 1, and there are %d visible units (%s) and %d hidden ones (%s); set auto or ais",
				likelihood.MostEnumerated, len(m.Visible), unit.Kinds.Name(m.VisibleUnits), len(m.Hidden), unit.Kinds.Name(m.HiddenUnits))
		}
	}
	return nil
}

func deterministic(s masks.Synapse) bool {
	_, ok := s.(masks.Deterministic)
	return ok
}

// checkNotGenerative refuses settings of Boltzmann machines.
func checkNotGenerative(c *configs.Config) error {
	for key, n := range map[string]int{"chains": c.Train.Chains, "gibbs": c.Train.Gibbs} {
		if n > 0 {
			return schema.Under("train", schema.Fieldf(key, "%d is for Boltzmann machines, and model.kind is %s; set 0, or model.kind=rbm", n, graph.Kinds.Name(c.Model)))
		}
	}
	switch l := c.Likelihood; {
	case l.Witnesses > 0:
		return schema.Fieldf("likelihood.witnesses", "%d are for Boltzmann machines, and model.kind is %s; set 0, or model.kind=rbm", l.Witnesses, graph.Kinds.Name(c.Model))
	case len(l.Goals) > 0:
		return schema.Fieldf("likelihood.goals", "%v are of Boltzmann machines, and model.kind is %s, which has no likelihood; set [], or model.kind=rbm", l.Goals, graph.Kinds.Name(c.Model))
	}
	return nil
}

// checkInputs refuses inputs that visible units cannot be: such examples have no likelihood.
func checkInputs(d *datasets.Data, m graph.Generative) error {
	key, outside := "visible", func([]float32) int { return -1 }
	says, hint := "", "give other data, with data.transform=binary or unit if they are images, or take model.visible=gaussian"
	switch m := m.(type) {
	case graph.Exact:
		key, outside, says = "kind", unit.NotBinary, "a fully connected machine has units 0 and 1"
		hint = "set data.name=bars_and_stripes, or another set of 0 and 1"
	case *boltzmann.Model:
		if u, ok := m.Machine().VisibleUnits.(unit.Bounded); ok {
			outside, says = u.Outside, fmt.Sprintf("%s units are %s", unit.Kinds.Name(m.Machine().VisibleUnits), u.Range())
		}
	}
	for i, set := range []*datasets.Set{d.Train, d.Test, d.Validation} {
		if set == nil {
			continue
		}
		if x, example := firstOutside(set, outside); example >= 0 {
			of := []string{"training", "test", "validation"}[i]
			return schema.Under("model", schema.Fieldf(key, "%s, and example %d of the %s set has input %v; %s", says, example+1, of, x, hint))
		}
	}
	return nil
}

// firstOutside returns the first input of a set that outside, of a row, finds, and whose it is;
// -1: there is none.
func firstOutside(set *datasets.Set, outside func([]float32) int) (x float32, example int) {
	const rows = 256
	n := set.Inputs()
	all := make([]float32, rows*n)
	for lo := 0; lo < set.Len(); lo += rows {
		examples := examplesFrom(lo, min(lo+rows, set.Len()))
		set.Gather(examples, all, n, nil)
		for i := range examples {
			row := all[i*n : (i+1)*n]
			if k := outside(row); k >= 0 {
				return row[k], lo + i
			}
		}
	}
	return 0, -1
}

// examplesFrom returns the numbers from lo up to hi.
func examplesFrom(lo, hi int) (examples []int32) {
	for i := lo; i < hi; i++ {
		examples = append(examples, int32(i))
	}
	return examples
}

// meanInputs returns the mean of each input over a set.
func meanInputs(set *datasets.Set) []float32 {
	const rows = 256
	n := set.Inputs()
	x, sums := make([]float32, rows*n), make([]float64, n)
	for lo := 0; lo < set.Len(); lo += rows {
		examples := examplesFrom(lo, min(lo+rows, set.Len()))
		set.Gather(examples, x, n, nil)
		for k, v := range x[:len(examples)*n] {
			sums[k%n] += float64(v)
		}
	}
	mean := make([]float32, n)
	for i, sum := range sums {
		mean[i] = float32(sum / float64(set.Len()))
	}
	return mean
}
