package temperature

import (
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Jackknife returns numbers that depend on all runs of n, and their standard errors by leaving out
// one run after the other:
//
//	s.e. = √((n-1)/n·Σ_i (x_i - x̄)²), x_i the number without run i.
//
// of is told which run to leave out, none at -1. A standard error is NaN of one run, and where a
// number without one of the runs is NaN.
func Jackknife(n int, of func(leftOut int) ([]float64, error)) (value, standardError []float64, err error) {
	value, err = of(-1)
	if err != nil {
		return nil, nil, err
	}
	without := make([][]float64, len(value)) // [numbers][runs]
	for run := 0; run < n && n > 1; run++ {
		one, err := of(run)
		if err != nil {
			return nil, nil, err
		}
		for i, x := range one {
			without[i] = append(without[i], x)
		}
	}
	standardError = make([]float64, len(value))
	for i := range value {
		standardError[i] = math.Sqrt(stat.PopVariance(without[i], nil) * float64(n-1))
	}
	return value, standardError, nil
}

// Reach returns how far the 95 % interval of a mean of n reaches to each side of it, by Student's t.
func Reach(standardError float64, n int) float64 {
	if n < 2 {
		return math.NaN()
	}
	return standardError * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(n - 1)}.Quantile(0.975)
}
