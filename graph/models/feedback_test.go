package models_test

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/models"
)

// With feedback error the hidden layer is sent W₂·(y-t), without the output's
// y(1-y), while the output's own synapses see the gradient; written out for two
// layers of sigmoid units, on both engines.
func TestFeedbackOfErrors(t *testing.T) {
	const in, hidden, out = 3, 4, 2
	for _, device := range []string{"cpu", "reference"} {
		spec := &models.MLP{
			Hidden: []int{hidden}, Activation: activation.Sigmoid{}, Output: activation.Sigmoid{}, Bias: "false", Feedback: "error",
			Init: &models.Normal{Std: 1}, Loss: loss.MSE{},
		}
		model, err := spec.New(in, out, 1)
		if err != nil {
			t.Fatal(err)
		}
		p, err := graph.CompileTraining(model, graphtest.Open(t, engine.Spec{Device: device, BLAS: "gonum"}), 1, graph.Backward{})
		if err != nil {
			t.Fatal(err)
		}
		x, target := []float32{0.5, -1, 2}, []float32{1, 0}
		copy(p.X, x)
		copy(p.Target, target)
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
		w2, y1, y2 := model.Layers()[1].W, p.Postsynaptic(0), p.Output()
		for layer, want := range []func(i, j int) float64{
			func(i, j int) float64 {
				sent := 0.0
				for o := range out {
					sent += float64(w2[j*out+o]) * float64(y2[o]-target[o])
				}
				return float64(x[i]) * sent * float64(y1[j]*(1-y1[j]))
			},
			func(i, j int) float64 { return float64(y1[i]) * float64((y2[j]-target[j])*y2[j]*(1-y2[j])) },
		} {
			value, err := p.Parameters()[layer].Grad()
			if err != nil {
				t.Fatal(err)
			}
			columns := model.Layers()[layer].Out
			for k, g := range value.(*tensor.Dense).Float32s() {
				if w := want(k/columns, k%columns); math.Abs(float64(g)-w) > 1e-5*math.Abs(w)+1e-8 {
					t.Errorf("%s, layer %d, synapse %d: %v, want %v", device, layer+1, k, g, w)
				}
			}
		}
	}
}
