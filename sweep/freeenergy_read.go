package sweep

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ergon/configs"
	"ergon/internal/schema"
	"ergon/sweep/freeenergy"
	"ergon/theory/temperature"
)

// lrPath is the setting that free energies are measured along.
const lrPath = "rule.optimizer.lr"

// leastRates is how many learning rates bracket one temperature: a rate and its neighbours.
const leastRates = 3

// defaultSlack is the slack in U that the paper has for networks that do not interpolate.
const defaultSlack = 0.01

// freeEnergy reads how temperatures are told; null: they are not.
func (d *document) freeEnergy(n *yaml.Node, path string) {
	if n.ShortTag() == "!!null" {
		d.bench.FreeEnergy = nil
		return
	}
	s := &freeenergy.Settings{Smooth: temperature.PublishedWidth, Slack: defaultSlack}
	d.mapping(n, path, []field{
		{"smooth", d.number(&s.Smooth, "a half-width in ln η from 0 (no smoothing) to 10", func(x float64) bool { return x >= 0 && x <= 10 })},
		{"slack", d.number(&s.Slack, "a difference of losses from 0 on", func(x float64) bool { return x >= 0 })},
	})
	d.bench.FreeEnergy = s
}

// checkFreeEnergy checks what a benchmark, or its quick version, needs for a free energy. in is where keys
// of the version are: "", or quick.
func (d *document) checkFreeEnergy(root *yaml.Node, in string) {
	if b := &d.bench; b.FreeEnergy != nil && b.rates() < leastRates {
		d.fail(d.given(root, in, "free_energy"), below(in, "free_energy"), "add an axis as in grid: {lr: [0.01, 0.02, 0.04, 0.08]}",
			"needs the learning rate (%s) as an axis of grid, with at least %d values above 0; there are %d", lrPath, leastRates, b.rates())
	}
}

// checkWindows refuses runs that measure nothing of what a free energy is told from.
func (b *Bench) checkWindows(arms []arm, resolved []*configs.Config) error {
	for i, a := range arms {
		if b.FreeEnergy == nil || resolved[i].Free.Window > 0 {
			continue
		}
		p := &schema.Error{
			File: b.Base, Path: "free_energy.window", Problem: fmt.Sprintf("0 for %q, and temperatures are told from U and S that runs measure", a.label),
			Hint: "set free_energy.window, the steps of a window, under set or on the command line",
		}
		for _, s := range slices.Concat(b.Set, a.set) {
			if strings.HasPrefix(s.Path, "free_energy") {
				p.File, p.Line = s.place()
			}
		}
		return schema.Errors{p}
	}
	return nil
}

// rates returns how many learning rates above 0 the grid has.
func (b *Bench) rates() (n int) {
	for _, axis := range b.Grid {
		if axis.Path != lrPath {
			continue
		}
		for _, v := range axis.Values {
			if learningRate(v) > 0 {
				n++
			}
		}
	}
	return n
}

// learningRate returns the number that a setting has; 0 if it has none, which its config refuses.
func learningRate(s Setting) float64 {
	var x float64
	if err := yaml.Unmarshal([]byte(s.Value), &x); err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}
