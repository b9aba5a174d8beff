package sweep

import (
	"math"
	"slices"

	"go.yaml.in/yaml/v3"
)

// The functions here read the values of a benchmark's keys.

func (d *document) ruleList(n *yaml.Node, path string) {
	if len(d.elements(n)) == 0 {
		d.fail(n, path, "", "want at least one rule")
	}
	for i, item := range d.elements(n) {
		var rule Rule
		at, before := element(path, i), len(d.problems)
		d.mapping(item, at, []field{{"label", d.text(&rule.Label)}, {"set", d.settings(&rule.Set)}})
		switch {
		case len(d.problems) > before:
			continue
		case rule.Label == "":
			d.fail(item, below(at, "label"), "", "is missing: tables and figures name a rule by it")
		case d.rules[rule.Label] != nil:
			d.fail(item, below(at, "label"), "", "%q is the label of the rule in line %d already", rule.Label, d.rules[rule.Label].Line)
		default:
			d.rules[rule.Label] = item
			d.bench.Rules = append(d.bench.Rules, rule)
		}
	}
}

// quickRules keeps the rules that are named, and the baseline.
func (d *document) quickRules(n *yaml.Node, path string) {
	var keep []string
	d.texts(&keep)(n, path)
	before := len(d.problems)
	for i, label := range keep {
		d.known(d.elements(n)[i], element(path, i), label, d.bench.labels())
	}
	if before == len(d.problems) && !slices.Contains(keep, d.bench.baselineRule()) {
		d.fail(n, path, "savings are relative to it", "the baseline %q is not among them", d.bench.Baseline)
	}
	d.bench.Rules = slices.DeleteFunc(slices.Clone(d.bench.Rules), func(r Rule) bool { return !slices.Contains(keep, r.Label) })
}

// seeds reads a number of seeds from 0 on, or a list of them.
func (d *document) seeds(into *[]uint64) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n.Kind != yaml.SequenceNode {
			count := 0
			d.count(&count, "how many seeds, at least 1, or a list of them")(n, path)
			*into = firstSeeds(count)
			return
		}
		*into = nil
		for i, item := range n.Content {
			seed := 0
			d.whole(&seed, 0, "a seed, a whole number from 0")(item, element(path, i))
			if slices.Contains(*into, uint64(seed)) {
				d.fail(item, element(path, i), "", "%d is given twice: the same run again says nothing new", seed)
			}
			*into = append(*into, uint64(seed))
		}
		if len(n.Content) == 0 {
			d.want(n, path, "at least one seed")
		}
	}
}

func (d *document) accuracies(into *[]float64) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		d.numbers(into, "an accuracy in (0,1]", func(x float64) bool { return x > 0 && x <= 1 })(n, path)
		if len(*into) == 0 {
			d.fail(n, path, "", "want at least one accuracy")
		}
	}
}

func (d *document) budget(n *yaml.Node, path string) {
	d.whole(&d.bench.Budget, 1, "how many presentations, at least 1")(n, path)
}

func (d *document) published(n *yaml.Node, path string) {
	for i, item := range d.elements(n) {
		var p Published
		at, goal := element(path, i), math.NaN()
		d.mapping(item, at, []field{
			{"label", d.text(&p.Label)},
			{"goal", d.number(&goal, "an accuracy in (0,1]", func(x float64) bool { return x > 0 && x <= 1 })},
			{"presentations", d.measured(&p.Presentations)},
			{"m0", d.measured(&p.M0)},
			{"m1", d.measured(&p.M1)},
			{"m0_saving", d.measured(&p.M0Saving)},
			{"m1_saving", d.measured(&p.M1Saving)},
			{"inefficiency", d.measured(&p.Inefficiency)},
			{"likelihood", d.nats(&p.Likelihood)},
			{"pseudo_likelihood", d.nats(&p.PseudoLikelihood)},
			{"source", d.text(&p.Source)},
			{"quoted", d.flag(&p.Quoted)},
		})
		ofMachine := p.Likelihood != nil || p.PseudoLikelihood != nil
		if p.Label == "" || math.IsNaN(goal) && !ofMachine || p.Source == "" {
			d.fail(item, at, "", "a published number needs label, goal and source")
			continue
		}
		if ofMachine && !math.IsNaN(goal) {
			d.fail(item, below(at, "goal"), "leave it out", "likelihoods are compared at the end of runs")
		}
		if !ofMachine {
			p.Goal = goal
		}
		d.bench.Published = append(d.bench.Published, p)
	}
}

// firstSeeds returns the seeds 0 … n-1.
func firstSeeds(n int) []uint64 {
	seeds := make([]uint64, n)
	for i := range seeds {
		seeds[i] = uint64(i)
	}
	return seeds
}
