package models

import (
	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/loss"
	"ergon/internal/schema"
)

// Perceptron describes a single linear unit that learns targets ±1 by the perceptron
// rule, from weights zero (Rosenblatt 1962). Its theory, eq. 3 of Li & van Rossum 2020,
// counts the N synapses from the inputs; a bias is one more.
type Perceptron struct {
	Bias bool `key:"bias" doc:"one more synapse, from a constant input; theory counts the N others"`
}

var _ graph.Spec = (*Perceptron)(nil)

func init() {
	graph.Kinds.Register("perceptron", schema.Doc{
		Summary: "one linear unit that learns targets ±1 by the perceptron rule, from weights zero",
		Source:  "Rosenblatt 1962; Li & van Rossum 2020, eLife 9:e50804",
	}, func() graph.Spec { return &Perceptron{} })
}

// New implements Spec: a network of one layer with the perceptron's loss.
func (p *Perceptron) New(inputs, outputs int, seed uint64) (graph.Model, error) {
	if outputs != 1 {
		return nil, schema.Fieldf("kind", "a perceptron has one output, and the data have %d; take data patterns, or an mlp with hidden []", outputs)
	}
	bias := "false"
	if p.Bias {
		bias = "true"
	}
	single := &MLP{Hidden: []int{}, Activation: activation.Linear{}, Output: activation.Linear{}, Bias: bias, Init: Zero{}, Loss: loss.Perceptron{}}
	return single.New(inputs, outputs, seed)
}
