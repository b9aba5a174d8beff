package idealgas

import (
	"math"

	"ergon/theory"
)

// addSlopes adds how the entropy changes with ln η and ln λ over the grid, by least squares for each walker, and
// Maxwell's relation between the two.
//
// With the rate held, ∂S/∂ln η - ∂S/∂ln λ = (D-1)/2. With the effective rate held, so that η alone is T,
// -∂S/∂ln λ at fixed T is (D-1)/2, which with p = 1 is λ·∂V/∂T at fixed λ.
func (g *IdealGas) addSlopes(result *theory.Result, points []point, w *walks) {
	n := float64(g.D - 1)
	byRate, byDecay := n/2, 0.0
	if g.Hold == "effective" {
		byRate, byDecay = n, -n/2
	}
	slopes := []theory.Quantity{
		{Name: "ds_dlneta", Predicted: byRate},
		{Name: "ds_dlnlambda", Predicted: byDecay},
		{Name: "maxwell", Predicted: n / 2},
	}
	if w != nil && g.D <= mostEntropyDimension {
		samples := make([][]float64, len(slopes))
		for k := range g.Simulate {
			a, b := g.slopesOf(points, w, k)
			maxwell := a - b
			if g.Hold == "effective" {
				maxwell = -b
			}
			for i, value := range []float64{a, b, maxwell} {
				samples[i] = append(samples[i], value)
			}
		}
		for i := range slopes {
			slopes[i].Simulations = theory.Simulated(theory.EstimateMean(samples[i]))
		}
	}
	addMeasured(result, append(make([]theory.Quantity, 2), slopes...))
}

// slopesOf returns those of walker number k. ln η and ln λ of a grid are independent, so that each slope is a
// regression of its own.
func (g *IdealGas) slopesOf(points []point, w *walks, k int) (byRate, byDecay float64) {
	var rates, decays, squares float64
	for i, at := range points {
		x, y := math.Log(at.rate/g.Rate), math.Log(at.decay/g.Decay)
		rates += x * w.entropy[i][k]
		decays += y * w.entropy[i][k]
		squares += x * x
	}
	return rates / squares, decays / squares
}
