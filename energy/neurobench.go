package energy

import (
	"slices"

	"ergon/internal/simd"
)

// Inference are the metrics of NeuroBench (Yik et al. 2025) that describe a
// network at work, under its names. Sparsities and operations are means over
// the presentations of a test set. As there, biases are parameters, but neither
// connections nor synaptic operations.
type Inference struct {
	Presentations      int                `json:"presentations"`       // what the means are over
	Footprint          int64              `json:"footprint"`           // bytes of weights and biases
	ParameterCount     int64              `json:"parameter_count"`     // weights and biases
	ConnectionSparsity *float64           `json:"connection_sparsity"` // weights that are zero over weights
	ActivationSparsity *float64           `json:"activation_sparsity"` // outputs of hidden units that are zero over all; null without hidden units
	SynapticOperations SynapticOperations `json:"synaptic_operations"`
}

// SynapticOperations are the operations of a presentation. Null is unknown.
type SynapticOperations struct {
	Dense float64 `json:"dense"` // one for each weight, at each position of a convolution
	// Effective operations have an activity and a weight that are not zero. They
	// are accumulates where all activities that a presentation gives a layer
	// are -1, 0 or 1, else multiply-accumulates.
	EffectiveMACs *float64 `json:"effective_macs"`
	EffectiveACs  *float64 `json:"effective_acs"`
}

// Census counts the synaptic operations of a network whose weights stay.
type Census struct {
	layers        []connections
	parameters    int64
	weights, zero int64
	dense         int64 // operations of a presentation
	presentations int   // of the first layer
	macs, acs     int64
	units, silent int64 // outputs of hidden units, and those of them that are zero
}

// connections are those of a layer.
type connections struct {
	in   int
	rows int     // of inputs that a presentation has: the positions of a convolution, else 1
	fan  []int64 // [In] non-zero weights that leave each input
	even bool    // the same number leaves all inputs, as where no weight is zero
}

// weighted returns the connections with even filled in.
func (y connections) weighted() connections {
	y.even = !slices.ContainsFunc(y.fan, func(n int64) bool { return n != y.fan[0] })
	return y
}

// AddLayer adds a layer with weights W [In,Out] and so many biases, on top of
// those added before. A presentation meets them in so many rows of inputs: the
// positions of a convolution, else 1. What is in w is read, not kept.
func (c *Census) AddLayer(w []float32, in, out, biases, rows int) {
	layer := connections{in: in, rows: rows, fan: make([]int64, in)}
	for i := range layer.fan {
		for _, v := range w[i*out : (i+1)*out] {
			layer.fan[i] += int64(nonzero(v))
		}
		c.zero += int64(out) - layer.fan[i]
	}
	c.weights += int64(len(w))
	c.dense += int64(len(w)) * int64(rows)
	c.parameters += int64(len(w) + biases)
	c.layers = append(c.layers, layer.weighted())
}

// AddPairs adds the synapses of n units that are joined to each other: the weights W [n,n] of
// i < j, and the biases. What is in w is read, not kept.
func (c *Census) AddPairs(w []float32, n, biases int) {
	layer := connections{in: n, rows: 1, fan: make([]int64, n)}
	for i := range layer.fan {
		for _, v := range w[i*n+i+1 : (i+1)*n] {
			layer.fan[i] += int64(nonzero(v))
		}
		c.zero += int64(n-1-i) - layer.fan[i]
	}
	pairs := int64(n) * int64(n-1) / 2
	c.weights += pairs
	c.dense += pairs
	c.parameters += pairs + int64(biases)
	c.layers = append(c.layers, layer.weighted())
}

// Observe counts the operations by which layer l, from 0, takes in some
// presentations of its inputs x [B·rows,In].
func (c *Census) Observe(l int, x []float32) {
	layer := c.layers[l]
	for size := layer.rows * layer.in; len(x) > 0; x = x[size:] {
		operations, binary := layer.observe(x[:size])
		if binary {
			c.acs += operations
		} else {
			c.macs += operations
		}
		if l == 0 {
			c.presentations++
		}
	}
}

// ObserveUnits counts outputs of hidden units.
func (c *Census) ObserveUnits(y []float32) {
	c.units += int64(len(y))
	c.silent += int64(len(y) - simd.Nonzero(y))
}

// observe counts the effective operations of one presentation, and says whether
// all its inputs are -1, 0 or 1.
func (y connections) observe(x []float32) (operations int64, binary bool) {
	binary = Binary(x)
	if y.even {
		return y.fan[0] * int64(simd.Nonzero(x)), binary
	}
	for ; len(x) > 0; x = x[y.in:] {
		row := x[:len(y.fan)]
		for i, v := range row { // without a branch for zeros, which come as they like
			operations += y.fan[i] & -int64(nonzero(v))
		}
	}
	return operations, binary
}

// Inference returns the metrics of what was observed. Without presentations,
// those that need them are null.
func (c *Census) Inference() *Inference {
	const bytes = 4 // of a float32
	return &Inference{
		Presentations: c.presentations, Footprint: bytes * c.parameters, ParameterCount: c.parameters,
		ConnectionSparsity: share(c.zero, c.weights), ActivationSparsity: share(c.silent, c.units),
		SynapticOperations: SynapticOperations{
			Dense:         float64(c.dense),
			EffectiveMACs: share(c.macs, int64(c.presentations)), EffectiveACs: share(c.acs, int64(c.presentations)),
		},
	}
}

// share returns part over whole, or nil where there is no whole.
func share(part, whole int64) *float64 {
	if whole == 0 {
		return nil
	}
	s := float64(part) / float64(whole)
	return &s
}

// Binary says whether all activities are -1, 0 or 1, so that a weight they
// meet is added or subtracted, not multiplied.
func Binary(x []float32) bool {
	for _, v := range x {
		if v != 0 && v != 1 && v != -1 {
			return false
		}
	}
	return true
}
