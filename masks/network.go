package masks

// Network is what a rule may know of the network that it is for.
type Network struct {
	Layers  []Layer // from the input to the output
	Classes int     // of the data; 0: real-valued targets
}

// Layer is the geometry of one layer of synapses: weights [In,Out] and, with
// Bias, Out biases.
type Layer struct {
	In, Out  int
	Bias     bool
	Constant int // how many of the In are constant units, as with model.bias=unit
}

// Synapses is one array of them: the weights of a layer, or its biases, which
// count as synapses from a constant unit (In = 1).
type Synapses struct {
	Layer    int // 0 is the layer from the input
	Bias     bool
	In, Out  int       // synapse i joins unit i/Out to unit i%Out
	Weights  []float32 // [In,Out]
	Gradient []float32 // [In,Out], of the step in progress
	pending  pending   // what the gradient is the product of, while it is not written out
}

// Arrays returns a layer list's arrays in the order in which an Updater takes
// parameters: for each layer the weights, then the biases if it has them.
func Arrays(layers []Layer) (all []*Synapses) {
	for l, layer := range layers {
		all = append(all, &Synapses{Layer: l, In: layer.In, Out: layer.Out})
		if layer.Bias {
			all = append(all, &Synapses{Layer: l, Bias: true, In: 1, Out: layer.Out})
		}
	}
	return all
}

// Presentation is what a rule may see of a batch besides its gradients.
// Presentations that the gate kept out have errors of 0 and no label here; their
// activity is in Activity like the others'.
type Presentation struct {
	Batch    int
	Labels   []int32     // classes of the presentations that are learned from; none for real-valued targets
	Activity [][]float32 // of each layer of units, the input first: [B,units]
	Errors   [][]float32 // ∂loss/∂z of each layer of synapses: [B,Out]
}

// Step is the step in progress, as a mask sees it when it is drawn: gradients
// and weights are those before the update.
type Step struct {
	Number uint64
	Arrays []*Synapses
	Before []Mask // the masks listed before this one, drawn already
	Outer  bool   // each gradient is the outer product of an Activity and an Error: a single presentation's
	Presentation
}
