//go:build slow

package estimate

import (
	"math"
	"testing"

	"ergon/internal/philox"
)

// correlation of log M0 between two rules on the same seed, as measured on 120
// seeds; and correlations around it.
var correlations = []float64{0, 0.76, 0.95}

// draws returns the costs of two rules on the seeds of one benchmark: log-normal, and
// correlated.
func draws(stream philox.Stream, sample uint64, n int, scatter, correlation float64) (rule, baseline []float64) {
	for i := range uint64(n) {
		x, y := stream.Normal(sample, 2*i), stream.Normal(sample, 2*i+1)
		rule = append(rule, math.Exp(scatter*x))
		baseline = append(baseline, 40*math.Exp(scatter*(correlation*x+math.Sqrt(1-correlation*correlation)*y)))
	}
	return rule, baseline
}

// A 95 % interval holds the true value in 95 % of benchmarks: of 3, 5 and 10 seeds,
// for means and for ratios. With 5000 benchmarks the share has a standard
// deviation of 0.003. Costs scatter by 10 to 30 %, as those of built-in benchmarks do.
func TestCoverage(t *testing.T) {
	const samples = 5000
	stream := philox.New(1, "test/coverage")
	for trial, scatter := range []float64{0.1, 0.2, 0.3} {
		for _, correlation := range correlations {
			for _, n := range []int{3, 5, 10} {
				mean, ratio, different := 0, 0, 0
				for s := range uint64(samples) {
					sample := (s*16+uint64(n))*16 + uint64(trial)
					rule, baseline := draws(stream, sample, n, scatter, correlation)
					if holds(Mean(rule), math.Exp(scatter*scatter/2)) {
						mean++
					}
					if holds(Ratio(baseline, rule), 40) {
						ratio++
					}
					for i := range baseline {
						baseline[i] /= 40
					}
					if !holds(Ratio(baseline, rule), 1) {
						different++
					}
				}
				of := func(count int) float64 { return float64(count) / samples }
				t.Logf("n = %d, scatter %v, correlation %v: means %.3f, ratios %.3f, a rule beside its like called different %.3f",
					n, scatter, correlation, of(mean), of(ratio), of(different))
				for what, share := range map[string]float64{"means": of(mean), "ratios": of(ratio), "rules that are alike": 1 - of(different)} {
					if share < 0.93 || share > 0.97 {
						t.Errorf("n = %d, scatter %v, correlation %v: %.3f of the intervals of %s hold the true value, want 0.93 to 0.97",
							n, scatter, correlation, share, what)
					}
				}
			}
		}
	}
}

// Evaluations every 2000 presentations round costs of some 60 000 up; that does not
// spoil the intervals where costs scatter by more than that.
func TestCoverageOfRoundedCosts(t *testing.T) {
	const samples, every = 20_000, 2000
	rounded := func(cost float64) float64 { return math.Ceil(cost/every) * every }
	stream, sum := philox.New(2, "test/coverage"), 0.0
	const many = 1_000_000
	for i := range uint64(many) {
		sum += rounded(60_000 * math.Exp(0.1*stream.Normal(1<<40, i)))
	}
	for _, n := range []int{3, 5, 10} {
		held := 0
		for s := range uint64(samples) {
			values := make([]float64, n)
			for i := range values {
				values[i] = rounded(60_000 * math.Exp(0.1*stream.Normal(s*16+uint64(n), uint64(i))))
			}
			if holds(Mean(values), sum/many) {
				held++
			}
		}
		if share := float64(held) / samples; share < 0.93 || share > 0.97 {
			t.Errorf("n = %d: %.3f of the intervals hold the mean, want 0.93 to 0.97", n, share)
		}
	}
}

// What a wider spread of the seeds does to both rules alike, pairs leave out: the
// interval of a ratio of costs that correlate by 0.76 is half as wide as one that
// takes them for independent.
func TestPairsAreNarrower(t *testing.T) {
	stream, paired, apart := philox.New(3, "test/coverage"), 0.0, 0.0
	for s := range uint64(2000) {
		rule, baseline := draws(stream, s, 10, 0.2, 0.76)
		_, other := draws(stream, s+1<<20, 10, 0.2, 0)
		paired += width(Ratio(baseline, rule))
		apart += width(Ratio(other, rule))
	}
	if got, want := paired/apart, math.Sqrt(1-0.76); math.Abs(got-want) > 0.02 {
		t.Errorf("pairs' intervals are %.3f as wide, want %.3f", got, want)
	}
}

func holds(e *Estimate, x float64) bool { return *e.Lo <= x && x <= *e.Hi }

func width(e *Estimate) float64 { return math.Log(*e.Hi / *e.Lo) }
