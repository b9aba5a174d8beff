package stochastic

import (
	"math"

	"ergon/internal/parallel"
	"ergon/internal/philox"
	"ergon/masks"
)

// noise draws what stochastic synapses transmit, w = μ + σξ. ξ of synapse i is number i
// of the array's stream at the step.
type noise struct {
	*Stochastic
	table    *reliability
	pool     *parallel.Pool
	steps    []philox.Stream // of each array, for training
	tests    []philox.Stream // of each array, for evaluations
	chunks   []masks.Chunk
	sigma    [][]float32 // σ of each array
	xi       [][]float32 // ξ of the draw in progress
	mean     [][]float32 // μ, while the weights are w
	gradient [][]float32 // g + λ·sign(μ); nil if λ = 0
	loss     [][]float32 // g = ∂loss/∂w

	// The draw in progress, and the pool's loop bodies, made once.
	weights  [][]float32
	streams  []philox.Stream
	number   uint64
	all      []*masks.Synapses
	drawBody func(int)
	restBody func(int)
	signBody func(int)
}

func newNoise(s *Stochastic, all []*masks.Synapses, seed uint64, pool *parallel.Pool) *noise {
	n := &noise{Stochastic: s, table: newReliability(s.Rho, s.Cost), pool: pool, loss: make([][]float32, len(all)), chunks: masks.Chunks(all)}
	var sizes []int
	for _, array := range all {
		n.steps = append(n.steps, philox.New(seed, "synapse/"+array.Name()))
		n.tests = append(n.tests, philox.New(seed, "synapse/test/"+array.Name()))
		sizes = append(sizes, array.In*array.Out)
	}
	n.sigma, n.xi, n.mean = masks.Zeros(sizes), masks.Zeros(sizes), masks.Zeros(sizes)
	if s.L1 > 0 {
		n.gradient = masks.Zeros(sizes)
	}
	n.drawBody, n.restBody, n.signBody = n.draw, n.restore, n.sign
	return n
}

// Transmit implements Transmission.
func (n *noise) Transmit(weights [][]float32, step uint64) {
	n.weights, n.streams, n.number = weights, n.steps, step
	n.pool.Run(len(n.chunks), n.drawBody)
}

// TransmitTest implements Transmission.
func (n *noise) TransmitTest(weights [][]float32, number uint64) {
	n.weights, n.streams, n.number = weights, n.tests, number
	n.pool.Run(len(n.chunks), n.drawBody)
}

// draw replaces μ by w in a chunk.
func (n *noise) draw(c int) {
	p := n.chunks[c]
	w, sigma, xi := n.weights[p.Array][p.Lo:p.Hi], n.sigma[p.Array][p.Lo:p.Hi], n.xi[p.Array][p.Lo:p.Hi]
	copy(n.mean[p.Array][p.Lo:p.Hi], w)
	n.streams[p.Array].Normals(n.number, uint64(p.Lo), xi)
	for i := range w {
		w[i] += float32(sigma[i] * xi[i])
	}
}

// Restore implements Transmission.
func (n *noise) Restore(weights [][]float32) {
	n.weights = weights
	n.pool.Run(len(n.chunks), n.restBody)
}

// restore puts μ back in a chunk.
func (n *noise) restore(c int) {
	p := n.chunks[c]
	copy(n.weights[p.Array][p.Lo:p.Hi], n.mean[p.Array][p.Lo:p.Hi])
}

// begin points the gradients at g + λ·sign(μ).
func (n *noise) begin(all []*masks.Synapses) {
	for a, s := range all {
		n.loss[a] = s.Gradient
	}
	if n.gradient == nil {
		return
	}
	n.all = all
	n.pool.Run(len(n.chunks), n.signBody)
	for a, s := range all {
		s.Gradient = n.gradient[a]
	}
}

// sign computes g + λ·sign(μ) of a chunk. It copies the sign bit rather than branch on
// it: signs are close to random, and branches on them would be mispredicted.
func (n *noise) sign(c int) {
	p, lambda := n.chunks[c], math.Float32bits(float32(n.L1))
	mu, g, sum := n.all[p.Array].Weights[p.Lo:p.Hi], n.loss[p.Array][p.Lo:p.Hi], n.gradient[p.Array][p.Lo:p.Hi]
	for i, m := range mu {
		sum[i] = g[i]
		if m != 0 {
			sum[i] += math.Float32frombits(lambda | math.Float32bits(m)&(1<<31))
		}
	}
}

// Deviations implements Transmission.
func (n *noise) Deviations() [][]float32 { return n.sigma }
