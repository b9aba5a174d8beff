package datasets

import (
	"math"
	"os"
	"testing"
)

// participation is over how many inputs the square of an example is spread, (Σx²)²/Σx⁴, and power Σx², means over a set.
// docs/results.md tells by them why rules found on MNIST fare as they do on Fashion-MNIST.
func participation(s *Set) (inputs, power float64) {
	x := make([]float32, s.Inputs())
	for i := range s.Len() {
		s.Gather([]int32{int32(i)}, x, len(x), nil)
		var second, fourth float64
		for _, v := range x {
			square := float64(v) * float64(v)
			second, fourth = second+square, fourth+square*square
		}
		inputs, power = inputs+second*second/fourth, power+second
	}
	return inputs / float64(s.Len()), power / float64(s.Len())
}

func TestParticipation(t *testing.T) {
	images := Images{Train: 10000, Test: 10, Transform: "vanrossum2024"}
	specs := map[string]Spec{"mnist": MNIST{images}}
	want := map[string][2]float64{"mnist": {134.7, 71.8}, "fashion_mnist": {503.6, 94.4}}
	if _, err := fashionMNIST.locate(os.Getenv("ERGON_FASHION_MNIST")); err == nil {
		specs["fashion_mnist"] = FashionMNIST{images}
	}
	for name, spec := range specs {
		d, err := spec.Load(1)
		if err != nil {
			t.Fatal(err)
		}
		inputs, power := participation(d.Train)
		t.Logf("%s: |x|² = %.1f on the mean, spread over %.0f inputs", name, power, inputs)
		if math.Abs(inputs-want[name][0]) > 1 || math.Abs(power-want[name][1]) > .2 {
			t.Errorf("%s: %v inputs, |x|² %v, want %v", name, inputs, power, want[name])
		}
	}
}
