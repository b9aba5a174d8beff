package stochastic

import (
	"ergon/internal/parallel"
	"ergon/internal/philox"
	"ergon/internal/simd"
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
	sizes    []int       // synapses of each array
	xi       [][]float32 // ξ of the draw in progress
	mean     [][]float32 // μ, while the weights are w
	gradient [][]float32 // g + λ·sign(μ); nil if λ = 0
	loss     [][]float32 // g = ∂loss/∂w

	// spread adds σξ to the weights w of an array from synapse lo on.
	spread func(array, lo int, w, xi []float32)

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
	for _, array := range all {
		n.steps = append(n.steps, philox.New(seed, "synapse/"+array.Name()))
		n.tests = append(n.tests, philox.New(seed, "synapse/test/"+array.Name()))
		n.sizes = append(n.sizes, array.In*array.Out)
	}
	n.xi, n.mean = masks.Zeros(n.sizes), masks.Zeros(n.sizes)
	if s.L1 > 0 {
		n.gradient = masks.Zeros(n.sizes)
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

// few are synapses whose numbers stay in the first-level cache while all is done with them.
const few = 1024

// draw replaces μ by w in a chunk, few synapses at a time.
func (n *noise) draw(c int) {
	p := n.chunks[c]
	for lo := p.Lo; lo < p.Hi; lo += few {
		hi := min(lo+few, p.Hi)
		w, xi := n.weights[p.Array][lo:hi], n.xi[p.Array][lo:hi]
		copy(n.mean[p.Array][lo:hi], w)
		n.streams[p.Array].Normals(n.number, uint64(lo), xi)
		n.spread(p.Array, lo, w, xi)
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

// sign computes g + λ·sign(μ) of a chunk.
func (n *noise) sign(c int) {
	p := n.chunks[c]
	mu, g := n.all[p.Array].Weights[p.Lo:p.Hi], n.loss[p.Array][p.Lo:p.Hi]
	simd.AddSigns(n.gradient[p.Array][p.Lo:p.Hi], g, mu, float32(n.L1))
}
