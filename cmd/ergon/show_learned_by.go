package main

import (
	"fmt"
	"io"

	"ergon/train/rundir"
)

// printLearnedBy prints in how many steps the weights of each layer were learned by which way. Runs on a
// GPU, and of versions that did not count, have nothing to print.
func printLearnedBy(w io.Writer, layers []rundir.LearnedBy) error {
	if len(layers) == 0 {
		return nil
	}
	fmt.Fprintln(w, "\nsteps by what they had of the weights' gradient in memory")
	rows := [][]string{{"layer", "nothing", "part", "block by block", "all", "because"}}
	for _, l := range layers {
		rows = append(rows, []string{l.Layer, count(l.Factors), count(l.Part), count(l.Blocks), count(l.Written), l.Because})
	}
	return table(w, rows)
}

// formed names what most steps had of the first layer's gradient in memory.
func (t *timing) formed() string {
	if len(t.LearnedBy) == 0 {
		return ""
	}
	l := t.LearnedBy[0]
	name, most := "none", l.Factors
	for _, way := range []struct {
		name  string
		steps int64
	}{{"part", l.Part}, {"blocks", l.Blocks}, {"all", l.Written}} {
		if way.steps > most {
			name, most = way.name, way.steps
		}
	}
	return name
}
