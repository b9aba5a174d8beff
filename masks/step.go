package masks

import ()

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
