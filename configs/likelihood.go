package configs

import (
	"slices"

	"ergon/graph"
	"ergon/internal/schema"
)

// Likelihood says how the likelihood of a Boltzmann machine is found.
type Likelihood struct {
	Method    string    `key:"method" doc:"auto: exact, by enumeration, if either layer has at most 20 binary units, else ais; exact: at most 24; ais: annealed importance sampling; jarzynski: by the work of the updates on chains beside; none" oneof:"auto|exact|ais|jarzynski|none"`
	Along     bool      `key:"along" doc:"at every evaluation, and not only at the end"`
	Betas     int       `key:"betas" doc:"inverse temperatures of ais" in:"[2,10000000]"`
	Chains    int       `key:"chains" doc:"chains of ais" in:"[2,1000000]"`
	Witnesses int       `key:"witnesses" doc:"chains beside those that learning sees, for jarzynski: the work on them tells ln Z at every evaluation; 0: 100 where method is jarzynski, else none" in:"[0,1000000]"`
	Goals     []float64 `key:"goals" doc:"log-likelihoods of the test set, in nats per example, whose first crossing is reported; they need along, or method jarzynski"`
}

// Validate implements schema's check of fields against each other.
func (l *Likelihood) Validate() error {
	if len(l.Goals) > 0 && l.Method == "none" {
		return schema.Fieldf("goals", "%v are log-likelihoods, and method is none; set another method, or goals=[]", l.Goals)
	}
	if len(l.Goals) > 0 && !l.Known() {
		return schema.Fieldf("goals", "%v are looked for at evaluations, where the likelihood is not known; set likelihood.along=true", l.Goals)
	}
	if l.Witnesses == 1 {
		return schema.Fieldf("witnesses", "1, and one chain has no spread to tell the error from; give 2 or more, or 0")
	}
	return nil
}

// Known says whether evaluations know the likelihood, and not only the end of a run.
func (l Likelihood) Known() bool {
	return l.Method != "none" && (l.Along || l.Method == "jarzynski")
}

// Witnessing returns the number of witnesses.
func (l Likelihood) Witnessing() int {
	const usual = 100
	if l.Witnesses == 0 && l.Method == "jarzynski" {
		return usual
	}
	return l.Witnesses
}

// of are the settings that matter to a model: none where it has no likelihood.
func (l Likelihood) of(model graph.Spec) Likelihood {
	if _, ok := model.(graph.GenerativeSpec); !ok {
		return Likelihood{}
	}
	if len(l.Goals) == 0 {
		l.Goals = nil
	}
	return l
}

// AscendingGoals returns the goals in the order in which they are reached.
func (l Likelihood) AscendingGoals() []float64 {
	return slices.Compact(slices.Sorted(slices.Values(l.Goals)))
}
