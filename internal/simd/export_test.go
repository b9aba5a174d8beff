package simd

// Levels and At let tests that need package philox, which imports this one, go through the
// levels.
var (
	Levels = levels
	At     = at
)
