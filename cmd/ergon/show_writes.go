package main

import (
	"fmt"
	"io"

	"ergon/train/rundir"
)

// endurance is how many writes a cell of resistive memory endures (Gural et al. 2020, arXiv
// 2009.03887).
const endurance = 1e6

// printWrites prints how often single synapses were written. Runs of versions that did not count have
// nothing to print.
func printWrites(w io.Writer, a rundir.Account) {
	switch n := a.Writes; {
	case n != nil:
		fmt.Fprintf(w, "\nwrites of a synapse: %s at most, %.4g on average, %.3g %% never written; a cell of RRAM endures some %.0e (Gural et al. 2020)\n",
			count(n.Max), n.Mean, 100*n.Unwritten, endurance)
	case a.NotCounted != "":
		fmt.Fprintf(w, "\nwrites of a synapse: %s\n", a.NotCounted)
	}
}
