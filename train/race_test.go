//go:build race

package train

// Under the race detector sync.Pool drops items at random, which allocates.
const raceDetector = true
