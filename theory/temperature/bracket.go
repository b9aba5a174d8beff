package temperature

import (
	"math"
)

// Interval holds the temperatures at which a state has the least free energy of all, up to the
// slack.
type Interval struct {
	Low, High float64 // 0 and ∞ where nothing bounds it
}

// Point returns the geometric mean of the ends, NaN where the interval is empty, or is not bounded
// from both sides: the lowest and the highest rate have no point.
func (i Interval) Point() float64 {
	if i.Low <= 0 || i.High < i.Low || math.IsInf(i.High, 0) {
		return math.NaN()
	}
	return math.Sqrt(i.Low) * math.Sqrt(i.High) // their product may leave what float64 holds
}

// Bracket returns for each state the interval of T in which its free energy is at most slack above
// that of any other, F = U - T·S. The states come by ascending rate.
//
// A state j of less entropy bounds T from below, one of more entropy from above, each by
// (U_i - U_j - slack)/(S_i - S_j). Where S rises with the rate these are the lower and the higher rates.
func Bracket(states []State, slack float64) ([]Interval, error) {
	if err := check(states); err != nil {
		return nil, err
	}
	intervals := make([]Interval, len(states))
	for i, s := range states {
		low, high := 0.0, math.Inf(1)
		for _, other := range states {
			gain := s.Entropy - other.Entropy
			bound := (s.Energy - other.Energy - slack) / gain
			switch {
			case gain > 0:
				low = max(low, bound)
			case gain < 0:
				high = min(high, bound)
			case s.Energy-other.Energy > slack: // no T makes up for more energy at the same entropy
				high = math.Inf(-1)
			}
		}
		intervals[i] = Interval{low, high}
	}
	return intervals, nil
}

// Temperatures returns the points of the brackets of states that are smoothed before. A rate without
// point is NaN.
func Temperatures(states []State, halfWidth, slack float64) ([]float64, error) {
	intervals, err := Bracket(Smooth(states, halfWidth), slack)
	if err != nil {
		return nil, err
	}
	points := make([]float64, len(intervals))
	for i, interval := range intervals {
		points[i] = interval.Point()
	}
	return points, nil
}
