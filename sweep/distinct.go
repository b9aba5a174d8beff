package sweep

import (
	"strconv"

	"ergon/configs"
	"ergon/internal/schema"
)

// checkDistinct refuses two labels of one run, found by what their settings resolve
// to: 0.1 is 1e-1, and a rule may set what is so already. They would be equal rows, each
// on the Pareto front.
func (b *Bench) checkDistinct(arms []arm, resolved []*configs.Config) error {
	var problems schema.Errors
	first := map[string]arm{}
	for i, a := range arms {
		trained, err := trainedHash(resolved[i])
		if err != nil {
			return err
		}
		if before, ok := first[trained]; ok {
			problems = append(problems, b.sameRun(before, a))
		} else {
			first[trained] = a
		}
	}
	if len(problems) > 0 {
		return distinct(problems)
	}
	return nil
}

// trainedHash identifies what a config trains: what the run is called is no part of it.
func trainedHash(c *configs.Config) (string, error) {
	nameless := *c
	nameless.Name = ""
	return nameless.Hash()
}

// sameRun says which labels make one run: the values of an axis of the grid where the
// arms differ in that alone, or else their rules, or both.
func (b *Bench) sameRun(x, y arm) *schema.Error {
	p := &schema.Error{File: "benchmark " + b.Name, Path: "rules", Hint: "leave out one of them"}
	if len(y.set) > 0 {
		p.File, p.Line = y.set[len(y.set)-1].place()
	}
	one, other := strconv.Quote(x.label), strconv.Quote(y.label)
	if x.rule == y.rule {
		p.Path = "grid"
		if i, only := onlyDifference(x.grid, y.grid); only {
			p.Path = below("grid", b.Grid[i].Key)
			p.File, p.Line = y.grid[i].place()
			one, other = x.grid[i].Value, y.grid[i].Value
		}
	} else if x.point == y.point {
		one, other = strconv.Quote(x.rule), strconv.Quote(y.rule)
	}
	p.Problem = one + " and " + other + " are the same run"
	return p
}

// onlyDifference returns the axis in which two points of a grid differ, if that is one alone.
func onlyDifference(x, y []Setting) (axis int, only bool) {
	count := 0
	for i := range x {
		if x[i].Value != y[i].Value {
			axis, count = i, count+1
		}
	}
	return axis, count == 1
}
