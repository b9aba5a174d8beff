package sweep

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// tune reads the search of a benchmark.
func (d *document) tune(n *yaml.Node, path string) {
	t := &Tune{Label: "tuned", Price: Price{PerUnit: 1}, Candidates: 27, Keep: 3, Seeds: []uint64{100, 101, 102}, Fresh: []uint64{200, 201, 202, 203, 204}}
	d.mapping(n, path, d.remember([]field{
		{"label", d.text(&t.Label)},
		{"set", d.settings(&t.Set)},
		{"search", d.search(&t.Search)},
		{"price", d.price(&t.Price)},
		{"limit", d.limit(&t.Limit)},
		{"candidates", d.count(&t.Candidates, "how many candidates, at least 1")},
		{"keep", d.whole(&t.Keep, 2, "one in how many goes on, at least 2")},
		{"rungs", d.accuracies(&t.Rungs)},
		{"seeds", d.seeds(&t.Seeds)},
		{"fresh", d.seeds(&t.Fresh)},
	}))
	if len(t.Search) == 0 {
		d.fail(n, below(path, "search"), "", "is missing: which settings to search, as in {rule.optimizer.lr: [0.01, 0.1]}")
	}
	if len(t.Rungs) == 0 {
		d.fail(n, below(path, "rungs"), "", "is missing: the goals of the rounds, as in [0.85, 0.9, 0.95]")
	}
	if !slices.IsSorted(t.Rungs) {
		d.fail(d.at[below(path, "rungs")], below(path, "rungs"), "candidates run to a low goal first", "want ascending goals, got %v", t.Rungs)
	}
	for _, seed := range t.Fresh {
		if slices.Contains(t.Seeds, seed) {
			d.fail(n, below(path, "fresh"), "the verdict must not be on seeds that the search has seen", "%d is one of seeds too", seed)
		}
	}
	d.bench.Tune = t
}

const positive = "a number above 0"

func isPositive(x float64) bool { return x > 0 }

// price reads the name of a spending, or weights for several.
func (d *document) price(into *Price) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		*into = Price{}
		var fields []field
		for i, s := range spendings {
			weight := into.weights()[i]
			fields = append(fields, field{s.name, d.number(weight, "a number above 0, at most 1e30", func(x float64) bool { return x > 0 && x <= 1e30 })})
			if n.Kind == yaml.ScalarNode && n.Value == s.name {
				*weight = 1
				return
			}
		}
		if n.Kind != yaml.MappingNode {
			d.want(n, path, "m0, m1, presentations, accumulator_updates, or weights as in {m0: per change, m1: per unit of change}")
			return
		}
		before := len(d.problems)
		d.mapping(n, path, fields)
		if *into == (Price{}) && len(d.problems) == before {
			d.fail(n, path, "leave it out for m1", "want at least one of m0, m1, presentations, accumulator_updates")
		}
	}
}

// limit reads the most of one spending or several, or none.
func (d *document) limit(into *Limit) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if *into = nil; n.Value == "none" {
			return
		}
		*into = Limit{}
		var fields []field
		for _, s := range spendings {
			fields = append(fields, field{s.name, func(n *yaml.Node, path string) {
				most, before := 0.0, len(d.problems)
				d.number(&most, "the most of it, a number from 0", func(x float64) bool { return x >= 0 })(n, path)
				if len(d.problems) == before {
					(*into)[s.name] = most
				}
			}})
		}
		before := len(d.problems)
		d.mapping(n, path, fields)
		if len(*into) == 0 && len(d.problems) == before {
			d.fail(n, path, "write none for no limit", "want at least one of m0, m1, presentations, accumulator_updates")
		}
	}
}
