package measure

import (
	"math"

	"ergon/graph"
	"ergon/internal/simd"
)

// Noise estimates signal and noise of the gradients of batches at weights that stay as they
// are, of what can be learned. Unlike Gradients it takes a batch as a whole, so that it
// also serves networks that normalise by the batch.
type Noise struct {
	sum     []float64 // Σ g, of all arrays that learn
	squares float64   // Σ |g|²
	batches int
}

// NewNoise returns an estimator of gradients of so many components.
func NewNoise(components int) *Noise { return &Noise{sum: make([]float64, components)} }

// Take adds the gradient of the batch that p has run, the layers being those of its model.
// A batch of which the gate lets nothing through has none: it counts as zero.
func (n *Noise) Take(p *graph.Program, layers []*graph.Layer) error {
	n.batches++
	if p.Open() == 0 {
		return nil
	}
	sum := n.sum
	return eachGradient(p, layers, func(gradient []float32) {
		for i, g := range gradient {
			sum[i] += float64(g)
		}
		n.squares += simd.SquaredNorm(gradient)
		sum = sum[len(gradient):]
	})
}

// Moments returns |ḡ|² of the mean gradient ḡ and the noise ⟨|g - ḡ|²⟩ = tr Σ of a batch.
// Both are unbiased: what the noise adds to the square of the mean is taken off, and may
// leave less than zero. They are NaN of fewer than two batches.
func (n *Noise) Moments() (signal2, noise2 float64) {
	m := float64(n.batches)
	square := 0.0
	for _, s := range n.sum {
		square += (s / m) * (s / m)
	}
	if n.batches < 2 {
		return math.NaN(), math.NaN()
	}
	noise2 = (n.squares - m*square) / (m - 1)
	return square - noise2/m, noise2
}
