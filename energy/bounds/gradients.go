package bounds

// Gradients are moments of the gradients g of single presentations, sums over
// all parameters, in the units of (loss/weight)².
type Gradients struct {
	MeanSquare    float64 // ⟨|g|²⟩
	TraceVariance float64 // tr Σ = ⟨|g|²⟩ - |⟨g⟩|²
}

// EstimateGradients returns the unbiased estimates from m > 1 presentations at
// the same weights: squares is Σ|g|² over them, mean is |Σg/m|².
func EstimateGradients(squares, mean float64, m int) Gradients {
	n := float64(m)
	meanSquare := squares / n
	return Gradients{MeanSquare: meanSquare, TraceVariance: (meanSquare - mean) * n / (n - 1)}
}

// Ratio returns R = ⟨|∇F|²⟩/tr var(∇F) of Eq. 16, at least 1 but for the noise
// of an estimate.
func (g Gradients) Ratio() float64 { return g.MeanSquare / g.TraceVariance }

// NoiseScale returns the simple gradient noise scale tr Σ/|⟨g⟩|² (McCandlish et
// al., arXiv 1812.06162): the batch at which noise and gradient are equal. It is
// 1/(R - 1), and not positive where noise hides the mean gradient.
func (g Gradients) NoiseScale() float64 { return g.TraceVariance / (g.MeanSquare - g.TraceVariance) }

// ThresholdTemperature returns kT* = η tr Σ/(2 N B) in units of the loss: the
// temperature of a parameter at which thermal noise is as strong as that of
// stochastic gradient descent, with learning rate eta and batches of b
// presentations, on n parameters (Eqs. 12 and 14).
func (g Gradients) ThresholdTemperature(eta, n, b float64) float64 {
	return eta * g.TraceVariance / (2 * n * b)
}

// AnalogTrainingBatched returns the least energy in J of training n parameters
// in s open steps on d presentations, at once where they are in one step:
// 2 N kT (S + D/B_simple). With S = D it is [AnalogTraining] with the R of the
// same gradients; larger batches share the cost of the noise.
func AnalogTrainingBatched(n, s, d, temperature, noiseScale float64) float64 {
	return 2 * n * Thermal(temperature) * (s + d/noiseScale)
}
