package sweep

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/stat"

	"ergon/internal/philox"
)

// Estimate is a mean or a ratio of means with its 95 % interval. Of a single
// run there is no spread, and the ends are the value itself.
type Estimate struct {
	Mean float64 `json:"mean"`
	Lo   float64 `json:"lo"`
	Hi   float64 `json:"hi"`
}

// resamples is the number of bootstrap samples: the ends of an interval then
// repeat to about a tenth of the distance between them and the mean's error.
const resamples = 10_000

// meanOf returns the mean of values, one for each seed, with the percentile
// bootstrap's interval; nil where there are none.
func meanOf(values []float64) *Estimate {
	if len(values) == 0 {
		return nil
	}
	sample := make([]float64, resamples)
	resampled(sample, values, "mean")
	return estimate(stat.Mean(values, nil), sample)
}

// ratioOf returns mean(numerator)/mean(denominator). Both are resampled, each
// by itself: their runs share seeds but not the numbers drawn from them. It is
// nil where a mean that divides is zero.
func ratioOf(numerator, denominator []float64) *Estimate {
	if len(numerator) == 0 || len(denominator) == 0 || slices.Min(denominator) <= 0 {
		return nil
	}
	above, sample := make([]float64, resamples), make([]float64, resamples)
	resampled(above, numerator, "numerator")
	resampled(sample, denominator, "denominator")
	for i := range sample {
		sample[i] = above[i] / sample[i]
	}
	return estimate(stat.Mean(numerator, nil)/stat.Mean(denominator, nil), sample)
}

// resampled fills means with the means of bootstrap samples of the values: as
// many as there are, drawn with replacement. Streams: "bootstrap/ROLE/N", step
// the sample, index the draw; a word w draws value ⌊w·N/2³²⌋.
func resampled(means, values []float64, role string) {
	n := len(values)
	stream := philox.New(0, fmt.Sprintf("bootstrap/%s/%d", role, n))
	var words [4]uint32
	for b := range means {
		sum := 0.0
		for i := range values {
			if i%4 == 0 {
				words = stream.Block(uint64(b), uint64(i/4))
			}
			sum += values[uint64(words[i%4])*uint64(n)>>32]
		}
		means[b] = sum / float64(n)
	}
}

// estimate takes the ends from the 2.5 % and 97.5 % quantiles of a sample,
// which it sorts.
func estimate(mean float64, sample []float64) *Estimate {
	slices.Sort(sample)
	return &Estimate{mean, stat.Quantile(0.025, stat.Empirical, sample, nil), stat.Quantile(0.975, stat.Empirical, sample, nil)}
}
