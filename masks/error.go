package masks

import "ergon/internal/schema"

// Error is a filter of back-propagated errors: it decides which errors of hidden
// units are sent back. A kind registers itself in Errors.
type Error interface {
	// Check returns an error if the filter makes no sense for the network.
	Check(net Network) error
	// KeepsAll reports whether all errors are sent back: Filter need not be called.
	KeepsAll() bool
	// Filter sets the errors ∂loss/∂z [B,units] of a hidden layer that are not sent
	// back to zero, in place.
	Filter(errors []float32, units int)
}

// FullError keeps every back-propagated error.
type FullError struct{}

var (
	_ Error = FullError{}
	_ Local = FullError{}
)

func init() {
	Errors.Register("full", schema.Doc{Summary: "keep every back-propagated error"}, func() Error { return FullError{} })
}

// Check implements Error.
func (FullError) Check(Network) error { return nil }

// KeepsAll implements Error.
func (FullError) KeepsAll() bool { return true }

// Filter implements Error.
func (FullError) Filter([]float32, int) {}

// Locality implements Local.
func (FullError) Locality() (Locality, error) { return Alone, nil }
