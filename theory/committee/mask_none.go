package committee

import "ergon/internal/philox"

// None lets everything change.
type None struct{}

var _ Mask = None{}

// Linear implements [Mask].
func (None) Linear(int, int) float64 { return 1 }

// Quadratic implements [Mask].
func (None) Quadratic(int, int, int, int) float64 { return 1 }

// Share implements [Mask].
func (None) Share() float64 { return 1 }

// Decay implements [Mask].
func (None) Decay() float64 { return 1 }

// Test implements [Mask].
func (None) Test() float64 { return 1 }

// Draw implements [Mask].
func (None) Draw(philox.Stream, uint64, *Drawn) {}
