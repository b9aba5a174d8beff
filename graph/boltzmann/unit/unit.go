// Package unit has the kinds of unit of a Boltzmann machine. A unit x feels a field I, the
// sum of its bias and of what its synapses bring, and is distributed as
//
//	p(x | I) = e^(xI - U(x) - Γ(I)),  Γ(I) = ln ∫ dx e^(xI - U(x)),
//
// where its potential U is what the kind says. Γ is convex; its slope is the mean activity.
package unit

import (
	"slices"

	"ergon/internal/schema"
)

// Unit is a kind of unit. Its methods take rows of neighbouring units, those of one
// presentation, and may be called at the same time. What they write is as long as the
// fields, and may be the fields. Fields may be of any size; one that is no number shows in Γ
// and in the mean.
type Unit interface {
	// States returns how many neighbouring numbers are one unit: the states of a Potts unit,
	// else 1. Rows have a multiple of it, which whoever makes the rows sees to.
	States() int
	// Potential returns Σ U(x) of a row, infinite where a unit cannot be x.
	Potential(x []float64) float64
	// LogPartition returns Σ Γ(I) of a row of fields, in nats.
	LogPartition(fields []float64) float64
	// Mean writes the mean activity Γ'(I) of a row of fields to mean.
	Mean(mean, fields []float64)
	// Sample draws a row of x given its fields. Number i is the quantile of
	// (words[i]+½)/2³²; of a kind with few states, some function of it that has their
	// probabilities. A Potts unit takes the word of its first state.
	Sample(x, fields []float64, words []uint32)
}

// Bounded is offered by a kind of unit that is not any number. Data of visible units outside have
// no likelihood.
type Bounded interface {
	Unit
	// Range says what a unit is, as in "from 0 to 1".
	Range() string
	// Outside returns the index of the first number of a row that a unit cannot be, -1 if there
	// is none. Means of units count as what they can be.
	Outside(x []float32) int
}

// NotBinary returns the index of the first number of a row that is neither 0 nor 1, -1 if there
// is none.
func NotBinary(x []float32) int {
	return slices.IndexFunc(x, func(v float32) bool { return v != 0 && v != 1 })
}

// Kinds are the kinds of unit that a config can name.
var Kinds = schema.NewUnion[Unit]("kind", "unit")

// uniform returns the number of a word, in (0, 1).
func uniform(word uint32) float64 { return (float64(word) + 0.5) * 0x1p-32 }
