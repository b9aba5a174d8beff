package temperature

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
	return Jackknife(s.Runs(), func(leftOut int) ([]float64, error) {
		return Temperatures(s.States(leftOut), halfWidth, slack)
	})
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
