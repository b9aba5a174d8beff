package likelihood

import (
	"fmt"
	"math/bits"

	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
)

// MostEnumerated is how many binary units can be enumerated: 2²⁴ states.
const MostEnumerated = 24

// chunkBits is the binary logarithm of the states of a chunk, along which fields are
// updated, not computed anew. Each update rounds, so that at the end they are off by less than
// 2¹⁰·2⁻⁵³ ≈ 10⁻¹³ of the largest.
const chunkBits = 10

// enumeration is the sum over the states s of n binary units, those of one side, the other
// side being summed over in closed form:
//
//	Z = Σ_s e^(c·s + Γ(d + sM)),
//
// with the biases c of the one and d of the other side, and the weights M between them.
type enumeration struct {
	hidden  bool // whether it is the hidden units that are enumerated
	bias    []float64
	field   []float64   // d [m]
	weights [][]float64 // M [n][m]
	other   unit.Unit
	low     int // units that change within a chunk; the others are the bits of its number
	tables  *factors
}

// enumerate chooses the smaller side of a machine that can be enumerated.
func enumerate(m *boltzmann.Machine) (*enumeration, error) {
	if err := check(m); err != nil {
		return nil, err
	}
	v, h := len(m.Visible), len(m.Hidden)
	visible := binary(m.VisibleUnits) && v <= MostEnumerated
	hidden := binary(m.HiddenUnits) && h <= MostEnumerated
	switch {
	case !visible && !hidden:
		return nil, fmt.Errorf("likelihood: neither side of %d visible and %d hidden units can be enumerated: that takes at most %d units that are 0 or 1; estimate ln Z by annealed importance sampling", v, h, MostEnumerated)
	case hidden && (!visible || h <= v):
		return newEnumeration(m, true), nil
	}
	return newEnumeration(m, false), nil
}

// newEnumeration enumerates the hidden or the visible units.
func newEnumeration(m *boltzmann.Machine, hidden bool) *enumeration {
	e := &enumeration{hidden: hidden}
	own, other := m.Visible, m.Hidden
	e.other = m.HiddenUnits
	if hidden {
		own, other, e.other = other, own, m.VisibleUnits
	}
	e.bias, e.field = make([]float64, len(own)), make([]float64, len(other))
	widen(e.bias, own)
	widen(e.field, other)
	for j := range own {
		row := make([]float64, len(other))
		for i := range row {
			if hidden {
				row[i] = float64(m.W[i*len(own)+j])
			} else {
				row[i] = float64(m.W[j*len(row)+i])
			}
		}
		e.weights = append(e.weights, row)
	}
	e.low = min(chunkBits, len(own))
	if binary(e.other) {
		e.tables = newFactors(e.weights[:e.low], len(e.field))
	}
	return e
}

// chunks returns how many there are, which follows from the number of units alone.
func (e *enumeration) chunks() int { return 1 << (len(e.bias) - e.low) }

// at returns c·s of a state, and writes the fields d + sM [m] of the other side.
func (e *enumeration) at(state int, fields []float64) (bias float64) {
	copy(fields, e.field)
	for j, row := range e.weights {
		if state>>j&1 == 1 {
			bias += e.bias[j]
			for i, w := range row {
				fields[i] += w
			}
		}
	}
	return bias
}

// walk shows all states of a chunk, unit j being bit j, with their ln e^(c·s + Γ). From one
// to the next one unit flips (a Gray code), which costs O(m).
func (e *enumeration) walk(chunk int, visit func(state int, lnWeight float64)) {
	state, fields := chunk<<e.low, make([]float64, len(e.field))
	bias := e.at(state, fields)
	visit(state, bias+e.other.LogPartition(fields))
	side := e.otherSide(fields)
	for k := 1; k < 1<<e.low; k++ {
		j := bits.TrailingZeros(uint(k))
		state ^= 1 << j
		on := state>>j&1 == 1
		if on {
			bias += e.bias[j]
		} else {
			bias -= e.bias[j]
		}
		visit(state, bias+side.flip(j, on))
	}
}

// otherSide is the side that is summed over in closed form.
type otherSide interface {
	// flip turns enumerated unit j on or off and returns Γ of the fields.
	flip(j int, on bool) float64
}

// otherSide returns the other side under the fields of a chunk's first state.
func (e *enumeration) otherSide(fields []float64) otherSide {
	if e.tables != nil {
		return newProduct(e.tables, fields)
	}
	return &anyUnits{e.other, fields, e.weights}
}

// anyUnits are units of any kind: their Γ as it is defined.
type anyUnits struct {
	unit.Unit
	fields  []float64
	weights [][]float64
}

func (a *anyUnits) flip(j int, on bool) float64 {
	sign := -1.0
	if on {
		sign = 1
	}
	for i, w := range a.weights[j] {
		a.fields[i] += sign * w
	}
	return a.LogPartition(a.fields)
}
