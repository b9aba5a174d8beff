package temperature

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// Sweep is what independent runs settled to at each of some learning rates: seeds of a network, or
// walkers of a toy.
type Sweep struct {
	Rates           []float64   // ascending
	Energy, Entropy [][]float64 // [rates][runs]
}

// States returns the means over the runs, without run number leftOut if it is not negative.
func (s *Sweep) States(leftOut int) []State {
	states := make([]State, len(s.Rates))
	for i, rate := range s.Rates {
		states[i] = State{rate, meanWithout(s.Energy[i], leftOut), meanWithout(s.Entropy[i], leftOut)}
	}
	return states
}

// Runs returns how many runs there are at each rate.
func (s *Sweep) Runs() int {
	if len(s.Energy) == 0 {
		return 0
	}
	return len(s.Energy[0])
}

// Temperatures returns T of each rate and its standard error, by leaving out one run after the other
// (jackknife). A rate without temperature is NaN, as is the error where one run alone decides
// whether there is one.
func (s *Sweep) Temperatures(halfWidth, slack float64) (t, standardError []float64, err error) {
	t, err = Temperatures(s.States(-1), halfWidth, slack)
	if err != nil {
		return nil, nil, err
	}
	n := s.Runs()
	without := make([][]float64, len(t)) // [rates][runs]
	for run := range n {
		if n == 1 {
			break
		}
		one, err := Temperatures(s.States(run), halfWidth, slack)
		if err != nil {
			return nil, nil, err
		}
		for i, value := range one {
			without[i] = append(without[i], value)
		}
	}
	standardError = make([]float64, len(t))
	for i := range t {
		standardError[i] = math.Sqrt(stat.PopVariance(without[i], nil) * float64(n-1))
	}
	return t, standardError, nil
}

// meanWithout returns the mean of all values but one, of all if there is no such number.
func meanWithout(values []float64, leftOut int) float64 {
	sum, n := 0.0, 0
	for i, value := range values {
		if i != leftOut {
			sum, n = sum+value, n+1
		}
	}
	return sum / float64(n)
}
