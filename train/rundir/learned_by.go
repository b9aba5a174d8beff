package rundir

// LearnedBy says in how many steps the weights of a layer were learned with how much of their gradient dW in
// memory. It is about the time of steps: results do not depend on it.
type LearnedBy struct {
	Layer   string `json:"layer"`
	Factors int64  `json:"factors"` // nothing of dW: from the activities and errors of one presentation
	Part    int64  `json:"part"`    // the rows and columns that the masks keep
	Blocks  int64  `json:"blocks"`  // one block after the other
	Written int64  `json:"written"` // all of it
	// Because is what had all of it written, in the last step that did.
	Because string `json:"because,omitempty"`
}
