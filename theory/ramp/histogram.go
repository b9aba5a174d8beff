package ramp

import (
	"math"

	"ergon/theory"
)

// histogram returns one row for each cell of the distribution of the work of a
// ramp: its middle, and the probability per unit of work, as the mean over the
// cell. The standard error of a simulated cell is that of the predicted count, so
// that an empty cell has one too.
func (r *Ramp) histogram(tau float64, sample []float64) [][]theory.Quantity {
	work := r.Work(tau)
	deviation := math.Sqrt(2 * r.Temperature * work)
	if deviation == 0 {
		return nil // w = 0: no work, and no distribution of it
	}
	low, width := work-4*deviation, 8*deviation/float64(r.Bins)
	counts := histogramOf(sample, low, width, r.Bins)
	rows := make([][]theory.Quantity, r.Bins)
	for i := range rows {
		from := low + float64(i)*width
		share := gaussianShare((from-work)/deviation, (from+width-work)/deviation)
		density := theory.Quantity{Name: "density", Predicted: share / width}
		if n := float64(len(sample)); n > 0 {
			density.Simulations = theory.Simulated(theory.Estimate{
				Value:         counts[i] / n / width,
				StandardError: math.Sqrt(share*(1-share)/n) / width,
			})
		}
		rows[i] = []theory.Quantity{theory.Value("tau", tau), theory.Value("work", from+width/2), density}
	}
	return rows
}

// histogramOf counts the samples in each of n cells from low on.
func histogramOf(sample []float64, low, width float64, n int) []float64 {
	counts := make([]float64, n)
	for _, value := range sample {
		if cell := math.Floor((value - low) / width); cell >= 0 && cell < float64(n) {
			counts[int(cell)]++
		}
	}
	return counts
}

// gaussianShare is the probability that N(0,1) lies between a and b, to full
// relative precision in the tails.
func gaussianShare(a, b float64) float64 {
	if a > 0 {
		a, b = -b, -a
	}
	return (math.Erfc(-b/math.Sqrt2) - math.Erfc(-a/math.Sqrt2)) / 2
}
