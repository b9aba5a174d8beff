package masks

import "ergon/internal/schema"

// Error decides which errors of hidden units are sent back. A kind registers itself in Errors.
type Error interface {
	// Check reports a network for which the filter makes no sense.
	Check(net Network) error
	// KeepsAll says that all are: Filter need not be called.
	KeepsAll() bool
	// Filter sets to zero those errors ∂loss/∂z [B,units] of a hidden layer
	// that are not, in place.
	Filter(errors []float32, units int)
}

// FullError keeps every back-propagated error.
type FullError struct{}

var _ Error = FullError{}

func init() {
	Errors.Register("full", schema.Doc{Summary: "keep every back-propagated error"}, func() Error { return FullError{} })
}

// Check implements Error.
func (FullError) Check(Network) error { return nil }

// KeepsAll implements Error.
func (FullError) KeepsAll() bool { return true }

// Filter implements Error.
func (FullError) Filter([]float32, int) {}
