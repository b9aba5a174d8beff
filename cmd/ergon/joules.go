package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"ergon/energy"
)

// optional reports whether a stage is not on every bill.
func optional(s energy.Stage) bool { return s == energy.Sampled || s == energy.Accumulating }

// printJoules prints what a run cost at the prices of each table, and why it is
// not known of a pass or an update; of a table in a file, which file it was. Keeping synapses, which few tables price, is
// printed where it is known.
func printJoules(w io.Writer, tables map[string]energy.Joules) {
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		j := tables[name]
		if j.Unit == "" { // written before tables had units
			j.Unit = "J"
		}
		var stages, remarks []string
		for _, s := range energy.Stages {
			if j.Of(s) == nil && (s == energy.Maintaining || optional(s) && !j.Includes(s)) {
				continue
			}
			stages = append(stages, fmt.Sprintf("%s %s", s, joules(j.Of(s), j.Unit)))
			if why := j.Unpriced[s]; why != "" {
				remarks = append(remarks, fmt.Sprintf("  %s: %s\n", s, why))
			}
		}
		if j.SHA256 != "" {
			remarks = append(remarks, fmt.Sprintf("  prices of %s, SHA-256 %s\n", j.File, brief(j.SHA256)))
		}
		fmt.Fprintf(w, "at %s prices: %s\n%s", name, strings.Join(stages, ", "), strings.Join(remarks, ""))
	}
}
