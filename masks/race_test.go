//go:build race

package masks

// Under the race detector sync.Pool drops items at random, which allocates.
const raceDetector = true
