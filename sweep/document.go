package sweep

import (
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ergon/internal/schema"
)

// document reads a benchmark from YAML, in two passes: quick replaces values
// that the first has read.
type document struct {
	reader
	bench Bench
	rules map[string]*yaml.Node // by label, for messages
	quick *yaml.Node            // nil: there is none
	at    map[string]*yaml.Node // values by top-level key
}

// defaultSeeds is how many seeds a benchmark has that does not say: the least
// that shows a spread.
const defaultSeeds = 3

// Parse reads a benchmark. file names it in messages, name is its name unless
// it has one. With quick, what it says under that key replaces the rest; one
// that says nothing there is refused.
func Parse(text []byte, file, name string, quick bool) (*Bench, error) {
	d := &document{reader: reader{file: file}, rules: map[string]*yaml.Node{}, at: map[string]*yaml.Node{}}
	d.bench = Bench{Name: name, Summary: firstComment(text), Seeds: firstSeeds(defaultSeeds), Stop: true, Figures: true}
	root, err := d.document(text)
	if err != nil {
		return nil, err
	}
	d.mapping(root, "", d.remember(d.fields()))
	d.complete(root)
	if d.quick != nil {
		whole := d.bench
		d.mapping(d.quick, "quick", d.quickFields())
		if !quick {
			d.bench = whole
		}
	} else if quick {
		d.fail(root, "quick", "add one, or leave out --quick", "this benchmark has no quick version")
	}
	if err := d.err(); err != nil {
		return nil, err
	}
	b := d.bench
	slices.Sort(b.Goals)
	b.Goals = slices.Compact(b.Goals)
	return &b, nil
}

// fields are the keys of a benchmark.
func (d *document) fields() []field {
	b := &d.bench
	return []field{
		{"name", d.text(&b.Name)},
		{"base", d.text(&b.Base)},
		{"set", d.settings(&b.Set)},
		{"rules", d.ruleList},
		{"grid", d.grid},
		{"seeds", d.seeds(&b.Seeds)},
		{"goals", d.accuracies(&b.Goals)},
		{"stop", d.flag(&b.Stop)},
		{"budget", d.budget},
		{"baseline", d.text(&b.Baseline)},
		{"runtime", d.text(&b.Runtime)},
		{"quick", func(n *yaml.Node, _ string) { d.quick = n }},
		{"published", d.published},
		{"figures", d.flag(&b.Figures)},
		{"tune", d.tune},
	}
}

// remember makes fields note where they were given.
func (d *document) remember(fields []field) []field {
	for i, f := range fields {
		fields[i].read = func(n *yaml.Node, path string) {
			d.at[f.key] = n
			f.read(n, path)
		}
	}
	return fields
}

// quickFields are the keys of quick, each of which replaces the benchmark's;
// its settings are made after the others.
func (d *document) quickFields() []field {
	b := &d.bench
	return []field{
		{"seeds", d.seeds(&b.Seeds)},
		{"goals", d.accuracies(&b.Goals)},
		{"stop", d.flag(&b.Stop)},
		{"budget", d.budget},
		{"rules", d.quickRules},
		{"set", func(n *yaml.Node, path string) {
			var more []Setting
			d.settings(&more)(n, path)
			b.Set = slices.Concat(b.Set, more)
		}},
	}
}

// complete checks what must be there, and what must fit together.
func (d *document) complete(root *yaml.Node) {
	b := &d.bench
	for _, key := range []string{"base", "rules", "goals"} {
		if d.at[key] == nil {
			d.fail(root, key, "", "is missing: a benchmark needs base, rules and goals")
		}
	}
	if n := d.at["name"]; b.Name == "" || filepath.Base(b.Name) != b.Name || strings.HasPrefix(b.Name, ".") {
		if n == nil {
			n = root
		}
		d.fail(n, "name", "", "%q cannot be part of a folder's name", b.Name)
	}
	if len(b.Rules) == 0 {
		return
	}
	if b.Baseline == "" {
		b.Baseline = b.Rules[0].Label
	}
	if n := d.at["baseline"]; n != nil {
		d.known(n, "baseline", b.Baseline, b.references())
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
		if !slices.Contains(d.bench.Goals, p.Goal) {
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

// firstComment returns the first line of a document, if it is a comment.
func firstComment(text []byte) string {
	line, _, _ := strings.Cut(string(text), "\n")
	comment, ok := strings.CutPrefix(line, "#")
	if !ok {
		return ""
	}
	return strings.TrimSpace(comment)
}
