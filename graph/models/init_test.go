package models_test

import (
	"math"
	"testing"

	"ergon/graph/activation"
	"ergon/graph/loss"
	"ergon/graph/models"
)

func TestInitialisers(t *testing.T) {
	const in, out = 300, 200
	for _, c := range []struct {
		init      models.Init
		deviation float64
	}{
		{models.He{}, math.Sqrt(2.0 / in)},
		{models.LeCun{}, math.Sqrt(1.0 / in)},
		{models.Glorot{}, math.Sqrt(6.0/(in+out)) / math.Sqrt(3)},
		{&models.Normal{Std: 0.03}, 0.03},
		{&models.Uniform{Bound: 0.05}, 0.05 / math.Sqrt(3)},
		{&models.Binary{Factor: 0.5}, 0.5 * math.Sqrt(1.0/in)},
		{models.Zero{}, 0},
	} {
		spec := &models.MLP{Activation: activation.ReLU{}, Output: activation.Linear{}, Bias: "true", Init: c.init, Loss: loss.MSE{}}
		model, err := spec.New(in, out, 1)
		if err != nil {
			t.Fatal(err)
		}
		mean, square := 0.0, 0.0
		w := model.Layers()[0].W
		for _, v := range w {
			mean += float64(v) / float64(len(w))
			square += float64(v) * float64(v) / float64(len(w))
		}
		// 5 standard errors of the mean and of the deviation of 60 000 draws.
		if math.Abs(mean) > 5*c.deviation/math.Sqrt(in*out) || math.Abs(math.Sqrt(square)-c.deviation) > 5*c.deviation/math.Sqrt(2*in*out) {
			t.Errorf("%T: mean %v, deviation %v, want 0, %v", c.init, mean, math.Sqrt(square), c.deviation)
		}
	}
}

// Binary weights of a layer have one magnitude, and both signs.
func TestBinaryWeightsHaveOneMagnitude(t *testing.T) {
	const in, out = 25, 40
	spec := &models.MLP{Activation: activation.ReLU{}, Output: activation.Linear{}, Bias: "false", Init: &models.Binary{Factor: 3}, Loss: loss.MSE{}}
	model, err := spec.New(in, out, 1)
	if err != nil {
		t.Fatal(err)
	}
	signs := map[float32]int{}
	for _, w := range model.Layers()[0].W {
		signs[w]++
	}
	if magnitude := float32(3.0 / 5); len(signs) != 2 || signs[magnitude] == 0 || signs[-magnitude] == 0 {
		t.Errorf("weights and how often they occur: %v, want ±0.6", signs)
	}
}
