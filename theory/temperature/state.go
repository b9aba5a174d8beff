package temperature

import (
	"errors"
	"fmt"
	"math"
)

// State is what learning at a rate settles to.
type State struct {
	Rate    float64 // η
	Energy  float64 // U, the mean training loss
	Entropy float64 // S in nats, up to a constant that all states share
}

// check says why no temperatures can be told from the states.
func check(states []State) error {
	if len(states) < 2 {
		return errors.New("temperature: it takes the states of two learning rates or more")
	}
	for i, s := range states {
		switch {
		case !(s.Rate > 0) || math.IsInf(s.Rate, 0):
			return fmt.Errorf("temperature: state %d has the learning rate %g; rates are above zero", i, s.Rate)
		case i > 0 && s.Rate <= states[i-1].Rate:
			return fmt.Errorf("temperature: learning rate %g stands behind %g; give states by ascending rate", s.Rate, states[i-1].Rate)
		case math.IsNaN(s.Energy) || math.IsInf(s.Energy, 0):
			return fmt.Errorf("temperature: the energy at the learning rate %g is %g; leave out rates that diverge", s.Rate, s.Energy)
		case math.IsNaN(s.Entropy) || math.IsInf(s.Entropy, 0):
			return fmt.Errorf("temperature: the entropy at the learning rate %g is %g; leave out rates at which nothing moves", s.Rate, s.Entropy)
		}
	}
	return nil
}
