// Package documents reads theory documents: YAML files that list what to compute.
//
//	# the heat bath of a published figure, and its collapse
//	runtime: 20 s
//	compute:
//	  - {theory: sphere, set: {eta: 2.438e-3}}
//	  - {theory: sphere, set: {kind: op, eta: 2.438e-3}}
//
// A theory is one that is registered in [theory.Theories], set its settings; those left
// out have its defaults. The first line, a comment, sums the document up.
package documents

import "ergon/theory"

// Document is a list of predictions to compute.
type Document struct {
	Name         string // as in `ergon theory NAME`
	Summary      string // the first comment line
	Runtime      string // how long all of it takes, in words; "" is not said
	Computations []Computation
}

// Computation is one prediction of a document.
type Computation struct {
	Name    string // of the theory
	Command string // what computes it alone
	Theory  theory.Theory
}
