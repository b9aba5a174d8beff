package freeenergy

import (
	"math"

	"ergon/theory/temperature"
)

// Moment is the temperature of a rate at one time of the run.
type Moment struct {
	Step int      `json:"step"` // at the end of the window
	T    *float64 `json:"t"`    // nil at both ends, and where U and S do not rise or fall together
}

// along returns T = dU/dS along runs of one rate, of the mean U and S of the seeds: see
// [temperature.Along]. Windows that not all seeds have at the same step, or whose entropy is not known
// or of another number of steps than the first seed's last, are unknown neighbours.
func along(runs []Run) []Moment {
	moments, energy, entropy := []Moment{}, []float64(nil), []float64(nil)
	if len(runs) == 0 {
		return moments
	}
	for i, w := range runs[0].Measured.Windows {
		u, s := meanAt(runs, i)
		moments, energy, entropy = append(moments, Moment{Step: w.Step}), append(energy, u), append(entropy, s)
	}
	for i, t := range temperature.Along(energy, entropy) {
		moments[i].T = known(t)
	}
	return moments
}

// meanAt returns the mean U and S of window i, NaN where a seed does not have them.
func meanAt(runs []Run, i int) (energy, entropy float64) {
	first := runs[0].Measured.Windows[i]
	for j := range runs {
		windows := runs[j].Measured.Windows
		if i >= len(windows) || windows[i].Step != first.Step || windows[i].Steps != runs[0].last().Steps || windows[i].Weights != runs[0].last().Weights {
			return math.NaN(), math.NaN()
		}
		energy += windows[i].Energy / float64(len(runs))
		entropy += valueOf(windows[i].Entropy) / float64(len(runs))
	}
	return energy, entropy
}
