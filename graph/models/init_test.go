package models_test

import (
	"math"
	"testing"

	"ergon/graph/activation"
	"ergon/graph/loss"
	"ergon/graph/models"
	"ergon/internal/philox"
)

// Weight i of a layer is sample i of its stream, whatever the number of weights.
func TestWeightsAreTheSamplesOfTheirStream(t *testing.T) {
	normal := func(s philox.Stream, i uint64) float64 { return s.Normal(0, i) }
	uniform := func(s philox.Stream, i uint64) float64 { return 2*s.Float64(0, i) - 1 }
	for _, c := range []struct {
		init   models.Init
		sample func(s philox.Stream, i uint64) float64
	}{
		{models.He{}, normal}, {models.LeCun{}, normal}, {&models.Normal{Std: 0.03}, normal},
		{models.Glorot{}, uniform}, {&models.Uniform{Bound: 0.05}, uniform},
	} {
		const in = 21
		for _, out := range []int{1, 6, 7, 40} {
			for i, w := range models.NewLayer(2, in, out, c.init, false, 4).W {
				if want := float32(c.init.Scale(in, out) * c.sample(philox.New(4, "weights/2"), uint64(i))); w != want {
					t.Fatalf("%T: weight %d of %d is %v, want %v", c.init, i, in*out, w, want)
				}
			}
		}
	}
}

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
