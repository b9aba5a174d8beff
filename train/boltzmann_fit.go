package train

import (
	"ergon/configs"
	"ergon/datasets"
	"ergon/graph"
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
		return schema.Fieldf("rule.error", "%s keeps errors that are sent back, and a Boltzmann machine sends none; set all", masks.Errors.Name(rule.Error))
	case !deterministic(rule.Synapse):
		return schema.Fieldf("rule.synapse", "a Boltzmann machine samples with the weights that it has; set deterministic")
	case c.Train.StopAt > 0:
		return schema.Fieldf("train.stop_at", "%v is an accuracy, and a Boltzmann machine gives no answers; set 0", c.Train.StopAt)
	case c.Train.Chains > 0 && g.Negative() == graph.Contrastive:
		return schema.Fieldf("train.chains", "%d, and with model.negative=cd there are as many as presentations; set 0", c.Train.Chains)
	case c.Train.Chains > 0 && g.Negative() == graph.Enumerated:
		return schema.Fieldf("train.chains", "%d, and nothing is sampled where all states are enumerated; set 0", c.Train.Chains)
	case c.Train.Gibbs > 0 && g.Negative() == graph.Enumerated:
		return schema.Fieldf("train.gibbs", "%d, and nothing is sampled where all states are enumerated; set 0", c.Train.Gibbs)
	case c.Likelihood.Witnessing() > 0 && g.Negative() == graph.Enumerated:
		return schema.Fieldf("likelihood.witnesses", "chains are not sampled where all states are enumerated and ln Z is known; set 0, and method auto")
	case c.Likelihood.Method == "ais" && !sampled(g):
		return schema.Fieldf("likelihood.method", "ais samples, and model.kind=%s sums over all its states; set auto", graph.Kinds.Name(c.Model))
	case c.Free.Window > 0:
		return schema.Fieldf("free_energy.window", "%d: U is the loss on all training examples, which a Boltzmann machine knows up to ln Z only; set 0", c.Free.Window)
	}
	return nil
}

func sampled(m graph.Generative) bool {
	_, ok := m.(graph.Sampled)
	return ok
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
	return nil
}

// checkBinary refuses inputs that are not 0 or 1 where the machine sums over their states.
func checkBinary(d *datasets.Data, m graph.Generative) error {
	if _, ok := m.(graph.Exact); !ok {
		return nil
	}
	for i, set := range []*datasets.Set{d.Train, d.Test, d.Validation} {
		if set == nil {
			continue
		}
		if x, example := notBinary(set); example >= 0 {
			of := []string{"training", "test", "validation"}[i]
			return schema.Fieldf("model.kind", "a fully connected machine has units 0 and 1, and example %d of the %s set has input %v; set data.name=bars_and_stripes, or another set of 0 and 1", example+1, of, x)
		}
	}
	return nil
}

// notBinary returns the first input of a set that is not 0 or 1, and whose it is; -1: there is
// none.
func notBinary(set *datasets.Set) (x float32, example int) {
	row, one := make([]float32, set.Inputs()), make([]int32, 1)
	for i := range set.Len() {
		one[0] = int32(i)
		set.Gather(one, row, len(row), nil)
		for _, x := range row {
			if x != 0 && x != 1 {
				return x, i
			}
		}
	}
	return 0, -1
}

// meanInputs returns the mean of each input over a set.
func meanInputs(set *datasets.Set) []float32 {
	const rows = 256
	n := set.Inputs()
	x, sums := make([]float32, rows*n), make([]float64, n)
	for lo := 0; lo < set.Len(); lo += rows {
		var examples []int32
		for i := lo; i < min(lo+rows, set.Len()); i++ {
			examples = append(examples, int32(i))
		}
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
