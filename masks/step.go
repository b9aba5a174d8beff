package masks

// Presentation is what a rule sees of a batch besides its gradients. A presentation
// that the gate kept out has activities, but errors of 0 and no label.
type Presentation struct {
	Batch     int         // number of presentations, B
	Rows      int         // of activities and errors, where a network compares presentations with something else; 0: Batch
	Loss      float64     // mean of the presentations since the last step that was learned from, this batch's included
	Presented int         // how many these are; 0: their loss is not known
	Labels    []int32     // classes of the presentations that are learned from; none for real-valued targets
	Activity  [][]float32 // of each layer of units, the input first: [B,units]
	Errors    [][]float32 // ∂loss/∂z of each layer of synapses: [B,Out]
}

// Step is the step in progress, as a mask sees it in Begin: gradients and weights are
// those before the update.
type Step struct {
	Number uint64
	Arrays []*Synapses
	Before []Mask // masks listed before this one, already begun
	Outer  bool   // a single presentation: each gradient is the outer product of its Activity and Errors
	Presentation
}
