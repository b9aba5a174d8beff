package main

import (
	"fmt"
	"io"

	"ergon/train/rundir"
)

// printBounds prints the least energies that physics allows for what a run did. Runs of
// versions without bounds have none.
func printBounds(w io.Writer, b rundir.Bounds) error {
	if b.Temperature == 0 {
		return nil
	}
	fmt.Fprintf(w, "\nleast energies at %g K (docs/energy.md):\n", b.Temperature)
	known := func(j float64) *float64 { return &j }
	return table(w, [][]string{
		{"", "inference", "training"},
		{"digital, Landauer's 16 kT ln 2 an operation", joules(known(b.DigitalOnce), "J"), joules(known(b.DigitalTraining), "J")},
		{"analog: dynamic inference, Langevin training", joules(b.Dynamic, "J"), joules(b.AnalogTraining, "J")},
		{"quasi-static", joules(known(b.QuasiStatic), "J"), ""},
		{"erasure of the weights written", "", joules(known(b.Erasure), "J")},
	})
}
