package sweep

import (
	"slices"
	"strings"
)

// arm is a rule at a grid point: a row of the results for each goal.
type arm struct {
	label string // the rule's, and what the grid sets
	rule  string // label of the rule
	point string // what the grid sets, as in " lr=0.003"; empty without a grid
	set   []Setting
	grid  []Setting // the last of set: one for each axis
}

// arms crosses rules and grid points, the rules slowest.
func (b *Bench) arms() (all []arm) {
	points := b.points()
	for _, rule := range b.Rules {
		for _, p := range points {
			all = append(all, arm{rule.Label + p.point, rule.Label, p.point, slices.Concat(rule.Set, p.grid), p.grid})
		}
	}
	return all
}

// points returns the grid's points, one that sets nothing without a grid.
func (b *Bench) points() []arm {
	points := []arm{{}}
	for _, axis := range b.Grid {
		var next []arm
		for _, p := range points {
			for _, v := range axis.Values {
				next = append(next, arm{point: p.point + " " + b.shortPath(axis.Path) + "=" + v.Value, grid: slices.Concat(p.grid, []Setting{v})})
			}
		}
		points = next
	}
	return points
}

// shortPath is the last key of a path, or the whole where two axes end alike.
func (b *Bench) shortPath(path string) string {
	last := func(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }
	for _, axis := range b.Grid {
		if axis.Path != path && last(axis.Path) == last(path) {
			return path
		}
	}
	return last(path)
}

func (b *Bench) armLabels() (labels []string) {
	for _, a := range b.arms() {
		labels = append(labels, a.label)
	}
	return labels
}

// references lists what a benchmark may call a rule by: its label, which on a
// grid stands for all its arms, or an arm's.
func (b *Bench) references() []string {
	if len(b.Grid) == 0 {
		return b.labels()
	}
	return slices.Concat(b.labels(), b.armLabels())
}

// baselineOf returns the label of the arm that an arm's savings are relative
// to: the baseline itself, or where that is a rule on a grid, its arm at the
// same point.
func (b *Bench) baselineOf(a arm) string {
	if slices.Contains(b.labels(), b.Baseline) {
		return b.Baseline + a.point
	}
	return b.Baseline
}

// baselineRule returns the label of the baseline's rule.
func (b *Bench) baselineRule() string {
	for _, a := range b.arms() {
		if a.label == b.Baseline {
			return a.rule
		}
	}
	return b.Baseline
}
