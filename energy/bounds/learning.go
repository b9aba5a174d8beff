package bounds

// Information returns the least energy in J of learning nats of information about the
// label of each of d presentations, D·I·kT: what is learned is at most the entropy that
// learning produces (Goldt & Seifert 2017, Phys. Rev. Lett. 118, 010601).
func Information(d, nats, temperature float64) float64 { return d * nats * Thermal(temperature) }

// LearningEfficiency returns D·I/(W/kT): the information about the labels of d
// presentations over the work, which is in the units of threshold. In a bath of that
// temperature it is at most 1. With threshold kT*, an estimate, the network is one whose thermal
// noise would be as strong as that of its last gradients, and nothing keeps it below 1.
func LearningEfficiency(d, nats, work, threshold float64) float64 {
	return d * nats * threshold / work
}

// SpeedLimit returns the least work, in units of the loss, that moves weights by the squared
// distance displacement2 in steps whose rates add up to rates: |w_n - w_0|²/Σ η_t.
//
// Step by step |Δw| ≤ η_t|g| with the opposite sign, for each synapse: a mask makes it 0, a
// clip makes it smaller. So -Δw·g ≥ |Δw|²/η_t, and by Cauchy and Schwarz
// |Σ Δw|² ≤ Σ η_t · Σ |Δw|²/η_t ≤ Σ η_t · W. It is an equality for a gradient that stays
// the same. (Seroussi, Alemi, Helias & Ringel, arXiv 2307.14653, have the limit in a bath,
// for the entropy produced.)
func SpeedLimit(displacement2, rates float64) float64 { return displacement2 / rates }
