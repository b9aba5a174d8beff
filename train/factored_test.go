package train

import (
	"testing"

	"ergon/masks"
)

// The weights of a network hand out their gradients as products. Where a method went by
// another name, rules would find none, and be slow without a word.
func TestGradientsOfWeightsAreFactored(t *testing.T) {
	for _, model := range []string{"{kind: mlp, hidden: [12, 9]}", tinyConvNet} {
		r := begin(t, load(t, tiny, "model="+model))
		advance(t, r)
		p, err := r.program(8)
		if err != nil {
			t.Fatal(err)
		}
		parameters := p.Parameters()
		for a, s := range masks.Arrays(r.network().Layers) {
			if _, ok := parameters[a].(masks.Factored); !ok && !s.Bias {
				t.Errorf("%s: the weights of layer %d are a %T, which is not factored", model, s.Layer+1, parameters[a])
			}
		}
	}
}
