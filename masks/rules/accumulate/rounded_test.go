package accumulate

import (
	"math"
	"testing"

	"ergon/internal/philox"
	"ergon/masks"
)

// Rounded numbers are multiples of their largest magnitude over half the levels, the largest is kept,
// and the mean of many roundings is the number, to 5 standard deviations of a Bernoulli variable.
func TestRoundedNumbersKeepTheirMean(t *testing.T) {
	const draws, levels = 40_000, 7
	numbers := []float32{0.1, -0.7, 0, 1.3, 0.4333333, -1.3, 1e-6}
	q := 1.3 / float64(levels/2)
	sums, stream := make([]float64, len(numbers)), philox.New(1, "test")
	to, words := make([]float32, len(numbers)), make([]uint32, len(numbers))
	for draw := range uint64(draws) {
		stream.Words(draw, 0, words)
		roundRow(to, numbers, words, levels/2)
		for i, x := range to {
			sums[i] += float64(x)
			if n := float64(x) / q; math.Abs(n-math.Round(n)) > 1e-6 || math.Abs(n) > 3.000001 {
				t.Fatalf("%v became %v, which is %v steps", numbers[i], x, n)
			}
		}
	}
	for i, x := range numbers {
		_, f := math.Modf(math.Abs(float64(x)) / q)
		most := 5*q*math.Sqrt(f*(1-f)/draws) + 1e-6
		if mean := sums[i] / draws; math.Abs(mean-float64(x)) > most {
			t.Errorf("the mean of %v rounded is %v, more than %v away", x, mean, most)
		}
	}
}

// The gradient that masks and optimizers see is the product of the rounded factors, for biases with
// an input of 1, and does not change where a step is formed again.
func TestFormedGradientsAreProducts(t *testing.T) {
	all := masks.Arrays([]masks.Layer{{In: 3, Out: 2, Bias: true}})
	f := newRoundedFactors(5, all)
	f.Seed(7)
	step := &masks.Step{Number: 3, Presentation: masks.Presentation{
		Activity: [][]float32{{0.5, 0, 1, -1, 0.3, 0.2}}, Errors: [][]float32{{0.25, -1, 0, 3}},
	}}
	for range 2 {
		if err := f.FormGradients(step); err != nil {
			t.Fatal(err)
		}
		for a, s := range all {
			for i, g := range s.Gradient {
				want := float32(0)
				for b := range 2 {
					x := float32(1)
					if a == 0 {
						x = f.scratch.x[3*b+i/2]
					}
					want += float32(x * f.scratch.delta[2*b+i%2])
				}
				if g != want {
					t.Errorf("array %d: gradient %d is %v, the product %v", a, i, g, want)
				}
			}
		}
	}
	if err := f.FormGradients(&masks.Step{}); err == nil {
		t.Error("a step without activities is taken")
	}
	step.Activity[0] = step.Activity[0][:5]
	if err := f.FormGradients(step); err == nil {
		t.Error("activities of another size are taken")
	}
}
