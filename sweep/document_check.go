package sweep

import (
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ergon/internal/schema"
)

// complete checks what must be there, and what must fit together.
func (d *document) complete(root *yaml.Node) {
	b := &d.bench
	for _, key := range []string{"base", "rules"} {
		if d.at[key] == nil {
			d.fail(root, key, "", "is missing: a benchmark needs base, rules and goals")
		}
	}
	d.checkPurpose(root, "")
	if n := d.at["name"]; b.Name == "" || filepath.Base(b.Name) != b.Name || strings.HasPrefix(b.Name, ".") {
		if n == nil {
			n = root
		}
		d.fail(n, "name", "", "%q cannot be part of a folder's name", b.Name)
	}
	if b.Base == "-" {
		d.fail(d.at["base"], "base", "", "every run begins from it, and standard input is read once; name a preset or a file")
	}
	if len(b.Rules) == 0 {
		return
	}
	if b.Baseline == "" {
		b.Baseline = b.Rules[0].Label
	}
	if d.checkSize(root) {
		d.checkLabels()
	}
}

// completeQuick reads the quick version over the benchmark, and checks what it changes.
func (d *document) completeQuick(root *yaml.Node) {
	whole := len(d.problems)
	d.mapping(d.quick, "quick", d.remember(d.quickFields()))
	if whole == 0 {
		d.checkPurpose(root, "quick")
	}
}

// checkPurpose checks what a benchmark, or its quick version, compares, and what it needs without goals. in
// is where keys of the version are: "", or quick.
func (d *document) checkPurpose(root *yaml.Node, in string) {
	b := &d.bench
	without := "a benchmark without goals measures free energies or likelihoods and no costs"
	switch {
	case b.FreeEnergy == nil && b.Likelihood == nil && d.at["goals"] == nil && d.at["quick.goals"] == nil:
		d.fail(root, below(in, "goals"), "", "is missing: a benchmark needs base, rules and goals, or free_energy or likelihood in place of goals")
	case len(b.Goals) == 0 && b.Stop && d.stopGiven():
		d.fail(d.given(root, in, "stop"), "stop", without, "there is no goal to stop at")
	case len(b.Goals) == 0 && b.Tune != nil:
		d.fail(d.given(root, in, "tune"), "tune", without, "a search is judged at goals, and there are none")
	}
	d.checkFreeEnergy(root, in)
	d.checkLikelihood(root, in)
	if !d.stopGiven() {
		b.Stop = b.FreeEnergy == nil && b.Likelihood == nil
	}
}

// given returns where a key was given, by the version in or else by the benchmark; root if by neither.
func (d *document) given(root *yaml.Node, in, key string) *yaml.Node {
	for _, path := range []string{below(in, key), key} {
		if n := d.at[path]; n != nil {
			return n
		}
	}
	return root
}

// stopGiven says whether a document says when runs stop.
func (d *document) stopGiven() bool { return d.at["stop"] != nil || d.at["quick.stop"] != nil }

// checkSize refuses a benchmark of more runs than can be listed.
func (d *document) checkSize(root *yaml.Node) bool {
	runs := float64(len(d.bench.Rules)) * float64(len(d.bench.Seeds))
	for _, axis := range d.bench.Grid {
		runs *= float64(len(axis.Values))
	}
	if runs > maxCount {
		d.fail(root, "", "", "rules, grid and seeds make %g runs, want at most %d", runs, maxCount)
	}
	return runs <= maxCount
}

// checkLabels refuses labels that name no rule, and one of a search that names
// a rule of the benchmark too.
func (d *document) checkLabels() {
	b := &d.bench
	if n := d.at["baseline"]; n != nil {
		d.known(n, "baseline", b.Baseline, b.references())
	}
	if b.Tune != nil && slices.Contains(b.references(), b.Tune.Label) {
		n := d.at["tune.label"]
		if n == nil {
			n = d.at["tune"]
		}
		d.fail(n, "tune.label", "the search's winner needs a label of its own", "%q is the label of a rule", b.Tune.Label)
	}
	d.checkPublished()
}

// checkPublished refuses numbers of a rule or goal that will not be measured.
func (d *document) checkPublished() {
	if len(d.problems) > 0 {
		return
	}
	for i, p := range d.bench.Published {
		n, at := d.elements(d.at["published"])[i], element("published", i)
		d.known(n, below(at, "label"), p.Label, d.bench.references())
		if slices.ContainsFunc(d.bench.Published[:i], func(q Published) bool { return q.Label == p.Label && q.Goal == p.Goal }) {
			d.fail(n, at, "one table has one of them", "%q at %g is given twice", p.Label, p.Goal)
		}
		switch ofMachine := p.Likelihood != nil || p.PseudoLikelihood != nil; {
		case ofMachine && d.bench.Likelihood == nil:
			d.fail(n, at, "", "this benchmark compares no likelihoods")
		case ofMachine:
		case !slices.Contains(d.bench.Goals, p.Goal):
			d.fail(n, below(at, "goal"), "", "%g is not among the goals %v", p.Goal, d.bench.Goals)
		}
	}
}

// known refuses a label that is not among those there are.
func (d *document) known(n *yaml.Node, path, label string, labels []string) {
	if !slices.Contains(labels, label) {
		d.fail(n, path, schema.DidYouMean(label, labels), "no rule has the label %q (labels: %s)", label, strings.Join(labels, ", "))
	}
}
