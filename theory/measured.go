package theory

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// measured is an estimate from independent samples with its standard error,
// NaN where there are too few samples to tell.
type measured struct{ value, standardError float64 }

// meanOf estimates the mean.
func meanOf(samples []float64) measured {
	mean, deviation := stat.MeanStdDev(samples, nil)
	return measured{mean, deviation / math.Sqrt(float64(len(samples)))}
}

// meanOfShares estimates the mean of multiples of grain. A few of them may be the same
// by chance, and seem to be known exactly: unless it is the prediction that they all
// are, the mean has at least the error of as many roundings to multiples.
func meanOfShares(samples []float64, grain, predicted float64) measured {
	m := meanOf(samples)
	if !math.IsNaN(m.z(predicted)) {
		m.standardError = max(m.standardError, grain/math.Sqrt(float64(12*len(samples))))
	}
	return m
}

// varianceOf estimates the variance. Its own variance is (m₄ - m₂²)/n, with the
// central moments m of the samples: they need not be Gaussian.
func varianceOf(samples []float64) measured {
	m2, m4 := stat.Moment(2, samples, nil), stat.Moment(4, samples, nil)
	return measured{stat.Variance(samples, nil), math.Sqrt((m4 - m2*m2) / float64(len(samples)))}
}

// ratioOf estimates the ratio of two means whose samples come in pairs, to first
// order in the deviations: what the two share takes no part in the error.
func ratioOf(numerators, denominators []float64) measured {
	below := stat.Mean(denominators, nil)
	ratio := stat.Mean(numerators, nil) / below
	residues := make([]float64, len(numerators))
	for i := range residues {
		residues[i] = (numerators[i] - ratio*denominators[i]) / below
	}
	return measured{ratio, meanOf(residues).standardError}
}

// z is how many standard errors the estimate lies above a prediction, NaN for an
// estimate without error that is the prediction, but for rounding: nothing was tested.
func (m measured) z(predicted float64) float64 {
	size := max(math.Abs(m.value), math.Abs(predicted))
	if m.standardError <= 1e-12*size && math.Abs(m.value-predicted) <= 1e-9*size {
		return math.NaN()
	}
	return (m.value - predicted) / m.standardError
}
