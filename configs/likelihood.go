package configs

import "ergon/graph"

// Likelihood says how the likelihood of a Boltzmann machine is found at the end of a run. At
// evaluations it is what the work on persistent chains tells, which costs nothing.
type Likelihood struct {
	Method string `key:"method" doc:"auto: exact, by enumeration, if either layer has at most 20 binary units, else ais; exact: at most 24; ais: annealed importance sampling; jarzynski: by the work on persistent chains; none" oneof:"auto|exact|ais|jarzynski|none"`
	Betas  int    `key:"betas" doc:"inverse temperatures of ais" in:"[1,10000000]"`
	Chains int    `key:"chains" doc:"chains of ais" in:"[2,1000000]"`
}

// of are the settings that matter to a model: none where it has no likelihood.
func (l Likelihood) of(model graph.Spec) Likelihood {
	if _, ok := model.(graph.GenerativeSpec); ok {
		return l
	}
	return Likelihood{}
}
