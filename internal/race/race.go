//go:build race

// Package race says whether the race detector runs.
package race

// Enabled says that the race detector runs. Under it sync.Pool drops items at
// random, which allocates.
const Enabled = true
