// Package models has the kinds of network that are run forward as they are written:
// multilayer perceptron, perceptron, convolutional network. It draws their initial weights.
package models

import (
	"fmt"

	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/loss"
	"ergon/graph/ops"
	"ergon/internal/philox"
	"ergon/internal/schema"
)

// MLP describes a multilayer perceptron of any depth.
type MLP struct {
	Hidden     []int                 `key:"hidden" doc:"units of each hidden layer; [] is a single layer of synapses" in:"[1,1000000]"`
	Activation activation.Activation `key:"activation" doc:"response of the hidden units"`
	Output     activation.Activation `key:"output" doc:"response of the output units"`
	Bias       string                `key:"bias" doc:"true: a bias each unit; unit: a constant input, and unit 0 of every hidden layer clamped to 1, instead (van Rossum & Pache 2024)" oneof:"true|false|unit"`
	Feedback   string                `key:"feedback" doc:"what the layer below the output is sent back, W·e: e = ∂loss/∂z (gradient), or e = ∂loss/∂y, without the output's f' (error; Li & van Rossum 2020)" oneof:"gradient|error"`
	Init       Init                  `key:"init" doc:"distribution of the initial weights; biases start at 0"`
	Loss       loss.Loss             `key:"loss" doc:"what the output is compared by"`
}

var _ graph.Spec = (*MLP)(nil)

func init() {
	graph.Kinds.Register("mlp", schema.Doc{Summary: "multilayer perceptron"}, func() graph.Spec {
		return &MLP{Hidden: []int{100}, Activation: activation.ReLU{}, Output: activation.Linear{}, Bias: "true", Feedback: "gradient", Init: He{}, Loss: loss.SoftmaxXent{}}
	})
}

// Validate implements schema's check of fields against each other.
func (s *MLP) Validate() error {
	if s.Bias != "unit" {
		return nil
	}
	if len(s.Hidden) == 0 {
		return schema.Fieldf("bias", "unit needs a hidden layer")
	}
	if !s.Activation.FromOutput() {
		return schema.Fieldf("bias", "unit does not go with activation %s, whose derivative needs the summed input", activation.Kinds.Name(s.Activation))
	}
	return nil
}

// mlp is the Model of an [MLP].
type mlp struct {
	spec   *MLP
	layers []*graph.Layer
}

// New implements Spec. The weights of layer l come from the stream "weights/l".
func (s *MLP) New(inputs, outputs int, seed uint64) (graph.Model, error) {
	if inputs < 1 || outputs < 1 {
		return nil, fmt.Errorf("graph: a network of %d inputs and %d outputs", inputs, outputs)
	}
	if err := loss.CheckOutputs(s.Loss, outputs); err != nil {
		return nil, err
	}
	if s.Bias == "unit" {
		inputs++
	}
	m := &mlp{spec: s}
	sizes := append(append([]int{inputs}, s.Hidden...), outputs)
	if err := CheckSynapses("hidden", sizes...); err != nil {
		return nil, err
	}
	for l := range len(sizes) - 1 {
		m.layers = append(m.layers, NewLayer(l, sizes[l], sizes[l+1], s.Init, s.Bias == "true", seed))
	}
	return m, nil
}

// NewLayer makes layer l, counted from 0, with its initial weights.
func NewLayer(l, in, out int, init Init, bias bool, seed uint64) *graph.Layer {
	layer := &graph.Layer{Name: fmt.Sprintf("layer %d", l+1), In: in, Out: out, W: make([]float32, in*out)}
	initialise(init, layer.W, in, out, philox.New(seed, fmt.Sprintf("weights/%d", l)))
	if bias {
		layer.B = make([]float32, out)
	}
	return layer
}

// maxSynapses keeps a network within memory, and the index of a synapse within
// 32 bits. The largest network of the plasticity papers has 8·10⁷.
const maxSynapses = 1 << 29

// CheckSynapses returns an error of a setting if layers of so many units have more synapses
// between them than fit.
func CheckSynapses(key string, sizes ...int) error {
	if n := synapses(sizes); n > maxSynapses {
		return schema.Fieldf(key, "layers of %v units have %.3g synapses, more than the %d allowed", sizes, n, maxSynapses)
	}
	return nil
}

// synapses returns the number of weights between layers of units, as a float64, which
// does not overflow.
func synapses(sizes []int) (n float64) {
	for l := range len(sizes) - 1 {
		n += float64(sizes[l]) * float64(sizes[l+1])
	}
	return n
}

// Layers implements Model.
func (m *mlp) Layers() []*graph.Layer { return m.layers }

// InputWidth implements Model.
func (m *mlp) InputWidth() int { return m.layers[0].In }

// Build implements graph.Model.
func (m *mlp) Build(batch int, dtype tensor.Dtype, rule graph.Backward) (*graph.Expression, error) {
	e := graph.NewExpression(m, batch, dtype)
	last := len(m.layers) - 1
	y := e.X
	for l := range m.layers {
		d := ops.Dense{Activation: m.spec.Activation, Unit: m.spec.Bias == "unit", NeedsX: l > 0, Filter: rule.Filter}
		if l == last {
			d.Activation, d.Unit, d.Filter = m.spec.Output, false, nil
			if m.spec.Feedback == "error" {
				d.Feedback = new(ops.Feedback)
			}
		}
		var err error
		if y, err = d.Node(y, e.W[l], e.B[l]); err != nil {
			return nil, err
		}
		e.Activity = append(e.Activity, y)
	}
	var err error
	e.Loss, e.Open, err = rule.AddLoss(m.spec.Loss, y, e.Y)
	return e, err
}
