//go:build !race

package masks

const raceDetector = false
