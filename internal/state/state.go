// Package state hands out what a part of a run remembers, and gives it back: the same
// method lists it for writing and for reading, so that neither can forget what the
// other knows.
package state

import (
	"math"
	"strconv"
)

// Stateful is a part that remembers something from one step to the next that its
// settings and seed do not say. State shows all of it to v, under the same names and
// in the same sizes whenever the settings are the same. What follows from it (a table, a
// rate) is computed again after it was shown, since v may have overwritten it.
type Stateful interface {
	State(v Visitor)
}

// Visitor is shown memory, piece by piece. When a memory is written it reads the pieces;
// when it is read it overwrites them. Names are unique within a part.
type Visitor interface {
	// Float32s and Float64s are shown arrays, whose length they do not change. Every
	// bit is kept, of NaN as well.
	Float32s(name string, x []float32)
	Float64s(name string, x []float64)
	// JSON is shown a pointer to what is neither: counters, lists that grow. It replaces
	// the value as a whole; nothing of the old one is left. encoding/json must give back
	// every bit of it: no NaN, no unexported fields.
	JSON(name string, value any)
}

// Float64 shows a number that may be NaN or infinite, as a sum may, which JSON cannot hold.
func Float64(v Visitor, name string, x *float64) {
	one := []float64{*x}
	v.Float64s(name, one)
	*x = one[0]
}

// Float32Arrays shows arrays under the names name.0, name.1, …
func Float32Arrays(v Visitor, name string, all [][]float32) {
	for i, x := range all {
		v.Float32s(name+"."+strconv.Itoa(i), x)
	}
}

// Float64Arrays shows arrays under the names name.0, name.1, …
func Float64Arrays(v Visitor, name string, all [][]float64) {
	for i, x := range all {
		v.Float64s(name+"."+strconv.Itoa(i), x)
	}
}

// Uint32Arrays shows arrays under the names name.0, name.1, …, each number as the float32 of
// the same bits.
func Uint32Arrays(v Visitor, name string, all [][]uint32) {
	for i, x := range all {
		shown := make([]float32, len(x))
		for j, n := range x {
			shown[j] = math.Float32frombits(n)
		}
		v.Float32s(name+"."+strconv.Itoa(i), shown)
		for j, f := range shown {
			x[j] = math.Float32bits(f)
		}
	}
}

// Knows reports whether v has, or takes, a memory of this name. It is false where a snapshot is
// restored that a program made which did not know the memory yet: what is shown of it then
// would be an error.
func Knows(v Visitor, name string) bool {
	k, ok := v.(interface{ knows(name string) bool })
	return !ok || k.knows(name)
}

// Under shows a part's memory to v, with a prefix to its names; nothing if part has no
// memory.
func Under(v Visitor, prefix string, part any) {
	if s, ok := part.(Stateful); ok {
		s.State(under{v, prefix + "."})
	}
}

type under struct {
	v      Visitor
	prefix string
}

func (u under) Float32s(name string, x []float32) { u.v.Float32s(u.prefix+name, x) }
func (u under) Float64s(name string, x []float64) { u.v.Float64s(u.prefix+name, x) }
func (u under) JSON(name string, value any)       { u.v.JSON(u.prefix+name, value) }
func (u under) knows(name string) bool            { return Knows(u.v, u.prefix+name) }
