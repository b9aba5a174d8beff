package theory

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// Estimate is what independent samples say of a number. StandardError is NaN where there
// are too few samples to know it.
type Estimate struct{ Value, StandardError float64 }

// EstimateMean estimates the mean of what the samples are drawn from.
func EstimateMean(samples []float64) Estimate {
	mean, deviation := stat.MeanStdDev(samples, nil)
	return Estimate{mean, deviation / math.Sqrt(float64(len(samples)))}
}

// EstimateShare estimates the mean of shares of a number, which are multiples of grain. A
// few such samples may be the same by chance and have no spread. So unless all equal
// the prediction, the standard error is at least that of rounding to multiples of
// grain, grain/√(12n) of n samples.
func EstimateShare(samples []float64, grain, predicted float64) Estimate {
	m := EstimateMean(samples)
	if !math.IsNaN(m.Z(predicted)) {
		m.StandardError = max(m.StandardError, grain/math.Sqrt(float64(12*len(samples))))
	}
	return m
}

// EstimateVariance estimates the variance of what the samples are drawn from, which need not
// be Gaussian: the estimate's own variance is (m₄ - m₂²)/n, with the central moments m
// of the samples.
func EstimateVariance(samples []float64) Estimate {
	m2, m4 := stat.Moment(2, samples, nil), stat.Moment(4, samples, nil)
	return Estimate{stat.Variance(samples, nil), math.Sqrt((m4 - m2*m2) / float64(len(samples)))}
}

// EstimateRatio estimates the ratio of two means whose samples come in pairs. The error is
// to first order in the deviations; deviations that both of a pair share cancel.
func EstimateRatio(numerators, denominators []float64) Estimate {
	below := stat.Mean(denominators, nil)
	ratio := stat.Mean(numerators, nil) / below
	residues := make([]float64, len(numerators))
	for i := range residues {
		residues[i] = (numerators[i] - ratio*denominators[i]) / below
	}
	return Estimate{ratio, EstimateMean(residues).StandardError}
}

// Z returns by how many standard errors the estimate lies above a prediction. It is NaN
// for an estimate without error that equals the prediction up to rounding, which tests
// nothing.
func (m Estimate) Z(predicted float64) float64 {
	size := max(math.Abs(m.Value), math.Abs(predicted))
	if m.StandardError <= 1e-12*size && math.Abs(m.Value-predicted) <= 1e-9*size {
		return math.NaN()
	}
	return (m.Value - predicted) / m.StandardError
}
