package likelihood

import (
	"math"

	"ergon/graph/boltzmann"
)

// Enumerated returns how many units Exact enumerates of a machine; MaxInt if it has neither
// hidden nor visible units that are 0 or 1.
func Enumerated(m *boltzmann.Machine) int {
	fewest := math.MaxInt
	if binary(m.HiddenUnits) {
		fewest = len(m.Hidden)
	}
	if binary(m.VisibleUnits) {
		fewest = min(fewest, len(m.Visible))
	}
	return fewest
}
