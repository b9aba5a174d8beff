package freeenergy

import (
	"math"

	"gonum.org/v1/gonum/stat"

	"ergon/sweep/estimate"
	"ergon/theory/temperature"
)

// Row is what the runs at a learning rate settle to: means over the seeds that are used. What is not
// known is nil.
type Row struct {
	LR           float64  `json:"lr"`   // as the grid sets it
	Rate         float64  `json:"rate"` // the one of Curve.RateIs, the geometric mean over seeds
	U            float64  `json:"u"`
	UError       *float64 `json:"u_standard_error"` // over seeds; of one seed, that of its window
	Entropy      float64  `json:"entropy"`          // S in nats, up to a constant that the curve shares
	EntropyError *float64 `json:"entropy_standard_error"`
	Low          *float64 `json:"t_low"`  // the bracket of T: 0 where no rate of less entropy bounds it,
	High         *float64 `json:"t_high"` // nil where none of more entropy does, or where no T fits
	T            *float64 `json:"t"`      // the geometric mean of both
	TError       *float64 `json:"t_standard_error"`
	Threshold    *float64 `json:"kt_threshold"` // kT* = η·tr Σ/(2d)
	Ratio        *float64 `json:"t_over_threshold"`
	SNR          *float64 `json:"snr"`    // of mean squares; 0 where the signal is not above 0
	Valley       *bool    `json:"valley"` // F(·;T), of smoothed states, falls to this rate and rises behind it
	Along        []Moment `json:"along"`  // T = dU/dS along the run

	energy, entropy []float64 // of each seed,
	thresholds      []float64 // and its kT*, NaN where not known
}

// newRow averages the runs at a rate.
func newRow(rate Rate, scale scale) *Row {
	r := &Row{LR: rate.LR, Along: along(rate.Runs)}
	var rates, signal, noise []float64
	for i := range rate.Runs {
		w := rate.Runs[i].last()
		rates = append(rates, scale.of(rate.LR, w))
		r.energy, r.entropy = append(r.energy, w.Energy), append(r.entropy, *w.Entropy)
		r.thresholds = append(r.thresholds, valueOf(w.Threshold))
		signal, noise = append(signal, valueOf(w.Signal2)), append(noise, valueOf(w.Noise2))
	}
	r.Rate = geometric(rates)
	r.U, r.UError = meanAndError(r.energy)
	r.Entropy, r.EntropyError = meanAndError(r.entropy)
	if len(rate.Runs) == 1 {
		r.UError = known(valueOf(rate.Runs[0].last().EnergyError))
	}
	r.Threshold = known(stat.Mean(r.thresholds, nil))
	r.SNR = known(math.Sqrt(max(0, stat.Mean(signal, nil)) / stat.Mean(noise, nil)))
	return r
}

// told notes what is told of the row's temperature.
func (r *Row) told(interval temperature.Interval, t, deviation float64) {
	r.Low, r.High, r.T, r.TError = known(interval.Low), known(interval.High), known(t), known(deviation)
	if r.T != nil && r.Threshold != nil && *r.Threshold > 0 {
		r.Ratio = known(t / *r.Threshold)
	}
}

// meanAndError returns a mean and its standard error, nil of one value.
func meanAndError(values []float64) (mean float64, standardError *float64) {
	mean, deviation := stat.MeanStdDev(values, nil)
	return mean, known(deviation / math.Sqrt(float64(len(values))))
}

// geometric returns the geometric mean of numbers above 0, of equal ones to the last digit.
func geometric(values []float64) float64 {
	ones := make([]float64, len(values))
	for i := range ones {
		ones[i] = 1
	}
	if e := estimate.Ratio(values, ones); e != nil {
		return e.Mean
	}
	return math.NaN()
}

// without returns the mean of all values but one, of all if there is no such number.
func without(values []float64, leftOut int) float64 {
	var kept []float64
	for i, value := range values {
		if i != leftOut {
			kept = append(kept, value)
		}
	}
	return stat.Mean(kept, nil)
}
