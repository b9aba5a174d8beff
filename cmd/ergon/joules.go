package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"ergon/energy"
)

// printJoules prints what a run cost at the prices of each table, and why it is
// not known of a pass or an update. Keeping synapses, which few tables price, is
// printed where it is known.
func printJoules(w io.Writer, tables map[string]energy.Joules) {
	for _, name := range slices.Sorted(maps.Keys(tables)) {
		j := tables[name]
		if j.Unit == "" { // written before tables had units
			j.Unit = "J"
		}
		var stages, unknown []string
		for _, s := range energy.Stages {
			if s == energy.Maintaining && j.Of(s) == nil {
				continue
			}
			stages = append(stages, fmt.Sprintf("%s %s", s, joules(j.Of(s), j.Unit)))
			if why := j.Unpriced[s]; why != "" {
				unknown = append(unknown, fmt.Sprintf("  %s: %s\n", s, why))
			}
		}
		fmt.Fprintf(w, "at %s prices: %s\n%s", name, strings.Join(stages, ", "), strings.Join(unknown, ""))
	}
}
