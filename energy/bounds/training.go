package bounds

// AnalogTraining returns the least energy in J of training n parameters on d
// presentations in an analog network, 2 N D kT R (Eq. 16). R ≥ 1 is what the
// gradients of a task add, [Gradients.Ratio]; 1 gives the infimum.
func AnalogTraining(n, d, temperature, r float64) float64 {
	return 2 * n * d * Thermal(temperature) * r
}

// DigitalTraining returns the least energy in J of training n parameters on d
// presentations in a digital machine that erases [FLOPBits] bits in each
// operation: 6 N D · 16 kT ln 2 = 96 ln 2 N D kT (Eq. 17). n counts the
// parameters that are active in a presentation.
func DigitalTraining(n, d, temperature float64) float64 {
	return TrainingFLOP * n * d * LandauerFLOP(temperature)
}

// DigitalTrainingRounded returns Eq. 17 as the paper rounds it, 10² N D kT.
func DigitalTrainingRounded(n, d, temperature float64) float64 {
	return 100 * n * d * Thermal(temperature)
}

// DigitalInference returns the least energy in J of one inference in a digital
// machine, 2 N · 16 kT ln 2.
func DigitalInference(n, temperature float64) float64 {
	return InferenceFLOP * n * LandauerFLOP(temperature)
}
