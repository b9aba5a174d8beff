// Package boltzmann has Boltzmann machines: models of the distribution of the data, which
// learn from the difference between what they are shown and what they dream.
package boltzmann

import (
	"ergon/graph/boltzmann/unit"
)

// Machine is a restricted Boltzmann machine as plain numbers: visible units v and hidden
// units h with energy
//
//	E(v, h) = Σ U(v) + Σ U(h) - a·v - b·h - vᵀ W h,
//
// and p(v, h) = e^-E / Z. Rows are row-major.
type Machine struct {
	VisibleUnits, HiddenUnits unit.Unit

	W       []float32 // [V,H]
	Visible []float32 // a [V]
	Hidden  []float32 // b [H]
}
