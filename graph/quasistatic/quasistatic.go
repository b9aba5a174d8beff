// Package quasistatic has elastic networks, which learn from the stress that is left when
// their hidden units have come to rest between input and clamped output.
package quasistatic

import (
	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/loss"
	"ergon/graph/models"
	"ergon/internal/schema"
)

// Spec describes a feed-forward network as an elastic one (Tkachenko
// 2025, eq. 6): each unit is tied to the response f(y) to its summed input y by
// a spring, and the network's energy is
//
//	H = Σ (κ/2) (x - f(y))², over hidden and output units.
//
// Free, it is at rest at H = 0, the feed-forward pass. While it learns, its outputs are
// clamped to the targets and its hidden units move until ∂H/∂x = 0. Each unit is then
// under a stress σ = κ (f(y) - x) f'(y) = ∂H/∂y (eq. 8), and each synapse learns from
// ∂H/∂w = σx (eq. 9). As κ_output/κ_hidden → 0 that is backpropagation of MSE times
// κ_output.
type Spec struct {
	Hidden      []int                 `key:"hidden" doc:"units of each hidden layer, at least one layer" in:"[1,1000000]"`
	Activation  activation.Activation `key:"activation" doc:"response of the hidden units; with two hidden layers or more a smooth one, since at a kink no unit comes to rest"`
	Output      activation.Activation `key:"output" doc:"response of the output units"`
	Bias        string                `key:"bias" doc:"true: a bias each unit" oneof:"true|false"`
	Init        models.Init           `key:"init" doc:"distribution of the initial weights; biases start at 0"`
	KappaHidden float64               `key:"kappa_hidden" doc:"stiffness κ of the springs of hidden units" in:"(0,inf)"`
	KappaOutput float64               `key:"kappa_output" doc:"stiffness κ of the springs of output units; only the ratio matters" in:"(0,inf)"`
	Residual    float64               `key:"residual" doc:"hidden units are at rest when |∂H/∂x| of a presentation is at most this times kappa_output, or times the force of their springs where that is larger" in:"(0,inf)"`
	Iterations  int                   `key:"iterations" doc:"most iterations of relaxation" in:"[1,1000000]"`
	Stuck       string                `key:"stuck" doc:"error: a presentation that is not at rest after these ends the run; count: it is learned from as it is, and counted" oneof:"error|count"`
}

var _ graph.Spec = (*Spec)(nil)

func init() {
	graph.Kinds.Register("quasistatic", schema.Doc{
		Summary: "elastic network that learns, outputs clamped, from the stress of its hidden units; loss is min H/kappa_output, and that of tests mse",
		Source:  "Tkachenko 2025, arXiv 2503.09980",
	}, func() graph.Spec {
		return &Spec{
			Hidden: []int{100}, Activation: activation.Tanh{}, Output: activation.Linear{}, Bias: "true", Init: models.Glorot{},
			KappaHidden: 1, KappaOutput: 0.01, Residual: 1e-5, Iterations: 200, Stuck: "error",
		}
	})
}

// Validate implements schema's check of fields against each other.
func (s *Spec) Validate() error {
	if len(s.Hidden) == 0 {
		return schema.Fieldf("hidden", "needs a layer: without hidden units there is nothing to relax; take kind mlp with loss mse")
	}
	return nil
}

// New implements Spec: weights are those of an MLP of the same sizes and seed.
func (s *Spec) New(inputs, outputs int, seed uint64) (graph.Model, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	free := &models.MLP{Hidden: s.Hidden, Activation: s.Activation, Output: s.Output, Bias: s.Bias, Feedback: "gradient", Init: s.Init, Loss: loss.MSE{}}
	m, err := free.New(inputs, outputs, seed)
	if err != nil {
		return nil, err
	}
	return &model{Model: m, spec: s}, nil
}

// model is the Model of a [Spec]. Free, it is the network that it embeds, an MLP.
type model struct {
	graph.Model
	spec *Spec
}

var _ graph.Clamped = (*model)(nil)

// ratio is κ_output/κ_hidden, by which hidden units are pulled out of place.
func (m *model) ratio() float64 { return m.spec.KappaOutput / m.spec.KappaHidden }
