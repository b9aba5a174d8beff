package masks

import "fmt"

// Network is what a rule knows of its network.
type Network struct {
	Layers  []Layer // of synapses, from the input to the output
	Classes int     // of the data; 0: real-valued targets
	// InputPower is ⟨|x|²⟩ of an input x of the training set, constant inputs left out; 0 unless
	// the rule's optimizer asks for it ([InputScaled]).
	InputPower float64
	Generative bool // it learns a distribution: what it minimises is no error of its answers
}

// Layer is the geometry of one layer of synapses: weights [In,Out] and, with
// Bias, Out biases.
type Layer struct {
	In, Out  int
	Bias     bool
	Constant int // number of the In units that are constant, as with model.bias=unit

	Tied           bool // it has biases only: its weights are those of the layer below, in the other direction
	Triangular     bool // In = Out units are joined to each other: of the weights only those of i < j are synapses
	Fixed          bool // its synapses stay as they were drawn: every rule masks them
	ScaleInvariant bool // the loss does not depend on the scale of its weights; it has no biases
}

// Weights returns how many of the layer's synapses are weights, and not biases.
func (l Layer) Weights() (n int) {
	for j := range l.Out {
		n += l.Onto(j)
	}
	return n
}

// Onto returns how many weights the layer has onto unit j.
func (l Layer) Onto(j int) int {
	switch {
	case l.Tied:
		return 0
	case l.Triangular:
		return j
	}
	return l.In
}

// Synapses is one array of synapses: the weights of a layer, or its biases, which
// count as synapses from a constant unit (In = 1).
type Synapses struct {
	Index    int // of the array, in the order of Arrays: where a kind keeps what it remembers of it
	Layer    int // 0 is the layer from the input
	Bias     bool
	In, Out  int       // synapse i joins unit i/Out to unit i%Out
	Weights  []float32 // [In,Out]
	Gradient []float32 // ∂L/∂w [In,Out] of the current step; invalid while Source is set
	Source   Factored  // computes the gradient on demand; nil if Gradient is valid

	Triangular bool // only i/Out < i%Out are synapses: the other weights are 0, and stay so
}

// Size returns how many synapses the array has. It is In·Out unless the array is triangular.
func (s *Synapses) Size() int {
	if s.Triangular {
		return s.In * (s.In - 1) / 2
	}
	return s.In * s.Out
}

// Among returns how many of the places [lo,hi) of the array hold a synapse.
func (s *Synapses) Among(lo, hi int) (n int) {
	if !s.Triangular {
		return hi - lo
	}
	for lo < hi {
		row := lo / s.Out
		end := min((row+1)*s.Out, hi)
		n += max(0, end-max(lo, row*s.Out+row+1))
		lo = end
	}
	return n
}

// Kind numbers the arrays of a layer: 0 weights, 1 biases.
func (s *Synapses) Kind() int {
	if s.Bias {
		return 1
	}
	return 0
}

// Name is "layer/L/weights" or "layer/L/biases", L counting from 0: what streams of
// random numbers are called after.
func (s *Synapses) Name() string {
	return fmt.Sprintf("layer/%d/%s", s.Layer, []string{"weights", "biases"}[s.Kind()])
}

// Arrays returns the arrays of synapses of layers, without weights and gradients, in
// the order in which a rule takes parameters: for each layer the weights, unless they are tied,
// then the biases if it has them.
func Arrays(layers []Layer) (all []*Synapses) {
	for l, layer := range layers {
		if !layer.Tied {
			all = append(all, &Synapses{Index: len(all), Layer: l, In: layer.In, Out: layer.Out, Triangular: layer.Triangular})
		}
		if layer.Bias {
			all = append(all, &Synapses{Index: len(all), Layer: l, Bias: true, In: 1, Out: layer.Out})
		}
	}
	return all
}

// Attach points arrays at the weights of a network, array by array.
func Attach(all []*Synapses, weights [][]float32) {
	for a, s := range all {
		s.Weights = weights[a]
	}
}

// UnitCounts returns the sizes of the layers of units, the input first.
func UnitCounts(layers []Layer) []int {
	sizes := []int{layers[0].In}
	for _, l := range layers {
		sizes = append(sizes, l.Out)
	}
	return sizes
}

// Zeros returns a zero for each synapse, array by array: the initial memory of an
// optimizer.
func (n Network) Zeros() [][]float32 {
	var sizes []int
	for _, s := range Arrays(n.Layers) {
		sizes = append(sizes, s.In*s.Out)
	}
	return Zeros(sizes)
}

// Zeros returns one zero array for each size.
func Zeros(sizes []int) [][]float32 {
	all := make([][]float32, len(sizes))
	for i, n := range sizes {
		all[i] = make([]float32, n)
	}
	return all
}
