package temperature

import "math"

// SignalToNoise returns |ḡ|/√⟨|g-ḡ|²⟩ of gradients g whose mean is ḡ. Near weights at which every
// example is learned it does not depend on how near: signal and noise vanish together. Near weights
// at which examples contradict each other the noise stays, and it vanishes with the signal (Lemma 1
// of the paper).
func SignalToNoise(gradients [][]float64) float64 {
	if len(gradients) == 0 {
		return math.NaN()
	}
	mean := make([]float64, len(gradients[0]))
	for _, g := range gradients {
		for i, x := range g {
			mean[i] += x / float64(len(gradients))
		}
	}
	var signal, noise float64
	for i, m := range mean {
		signal += m * m
		for _, g := range gradients {
			noise += (g[i] - m) * (g[i] - m) / float64(len(gradients))
		}
	}
	return math.Sqrt(signal / noise)
}
