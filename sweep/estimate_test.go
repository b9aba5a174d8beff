package sweep

import (
	"math"
	"testing"

	"ergon/internal/philox"
)

// Of the values 0 and 1, a resample's mean is 0, ½ or 1 with probabilities ¼, ½
// and ¼: the 95 % interval is all of [0, 1]. Of 20 values of which one is 20, it
// is the binomial number of times that one is drawn, B(20, 1/20), whose 2.5 %
// and 97.5 % quantiles are 0 and 3 (P(≤2) = 0.9245, P(≤3) = 0.9841).
func TestMeanByHand(t *testing.T) {
	twenty := make([]float64, 20)
	twenty[7] = 20
	for _, c := range []struct {
		values []float64
		want   Estimate
	}{
		{[]float64{0, 1}, Estimate{0.5, 0, 1}},
		{[]float64{7}, Estimate{7, 7, 7}},
		{[]float64{3, 3, 3}, Estimate{3, 3, 3}},
		{twenty, Estimate{1, 0, 3}},
	} {
		if got := meanOf(c.values); *got != c.want {
			t.Errorf("%v: got %v, want %v", c.values, *got, c.want)
		}
	}
	if meanOf(nil) != nil {
		t.Error("of nothing there is no mean")
	}
}

// With numerator 2 or 4 and denominator 1 or 2, resampled independently, the
// ratio of means is 2/2 in one of 16 and 4/1 in one of 16: the interval is [1, 4].
// Had both the same draws, it would be [2, 2].
func TestRatioByHand(t *testing.T) {
	if got := ratioOf([]float64{2, 4}, []float64{1, 2}); *got != (Estimate{2, 1, 4}) {
		t.Errorf("got %v", *got)
	}
	if got := ratioOf([]float64{6}, []float64{3}); *got != (Estimate{2, 2, 2}) {
		t.Errorf("got %v", *got)
	}
	for _, none := range [][]float64{nil, {0, 0}} {
		if got := ratioOf([]float64{1, 2}, none); got != nil {
			t.Errorf("over %v: got %v", none, *got)
		}
	}
}

// A bootstrap of the same runs is the same interval in every call.
func TestBootstrapRepeats(t *testing.T) {
	values := []float64{1, 4, 9, 16, 25}
	if first, second := meanOf(values), meanOf(values); *first != *second {
		t.Errorf("%v and %v", *first, *second)
	}
	if e := meanOf(values); !(e.Lo < e.Mean && e.Mean < e.Hi) {
		t.Errorf("interval %v", *e)
	}
}

// The percentile interval of the mean of n Gaussian values holds the true mean
// with the probability of a z interval with the biased deviation, somewhat below
// 95 %: for n = 20, 2·T₁₉(1.96·√(19/20)) - 1 = 0.929. With 200 samples the
// standard deviation of the share is 0.018; three of them are allowed.
func TestCoverage(t *testing.T) {
	const samples, n = 200, 20
	stream, covered := philox.New(1, "test/coverage"), 0
	for s := range samples {
		values := make([]float64, n)
		for i := range values {
			values[i] = 5 + stream.Normal(uint64(s), uint64(i))
		}
		if e := meanOf(values); e.Lo <= 5 && 5 <= e.Hi {
			covered++
		}
	}
	if share := float64(covered) / samples; math.Abs(share-0.929) > 0.054 {
		t.Errorf("%d of %d intervals hold the mean, want 0.929", covered, samples)
	}
}

func TestEstimateAsText(t *testing.T) {
	for _, c := range []struct {
		e    *Estimate
		want string
	}{
		{nil, "–"},
		{&Estimate{4.7712e9, 4.61e9, 4.931e9}, "4.77 (4.61–4.93)e9"},
		{&Estimate{1.5, 1.5, 1.5}, "1.5"},
		{&Estimate{1.66, 1.1, 2}, "1.66 (1.1–2)"},
		{&Estimate{46872, 40000, 50000}, "46872 (40000–50000)"},
		{&Estimate{2e5, 2e5, 2e5}, "2e5"},
		{&Estimate{0.0004, 0.0004, 0.0004}, "4e-4"},
		{&Estimate{0, 0, 0}, "0"},
	} {
		if got := c.e.String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
