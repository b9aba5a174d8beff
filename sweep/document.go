package sweep

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ergon/configs"
	"ergon/internal/schema"
)

// document reads a benchmark from YAML, in two passes: quick replaces values
// that the first has read.
type document struct {
	reader
	bench Bench
	rules map[string]*yaml.Node // by label, for messages
	quick *yaml.Node            // nil: there is none
	at    map[string]*yaml.Node // values by path, of the top level and of tune
}

// defaultSeeds is how many seeds a benchmark has that does not say: the least
// that shows a spread.
const defaultSeeds = 3

// Parse reads a benchmark. file names it in messages, name is its name unless
// it has one. With quick, what it says under that key replaces the rest; one
// that says nothing there is refused.
func Parse(text []byte, file, name string, quick bool) (*Bench, error) {
	d := &document{reader: reader{file: file, nullable: []string{"free_energy", "quick.free_energy", "likelihood", "quick.likelihood"}}, rules: map[string]*yaml.Node{}, at: map[string]*yaml.Node{}}
	d.bench = Bench{Name: name, Summary: firstComment(text), Seeds: firstSeeds(defaultSeeds), Goals: []float64{}, Stop: true, Figures: true, Launch: configs.DefaultLaunch()}
	root, err := d.document(text)
	if err != nil {
		return nil, err
	}
	if d.isConfig(root) {
		return nil, &schema.Error{File: file, Problem: "is a config", Hint: "`ergon train` trains it"}
	}
	if isTheory(root) {
		return nil, &schema.Error{File: file, Problem: "is a theory document", Hint: "`ergon theory` computes it"}
	}
	d.mapping(root, "", d.remember(d.fields()))
	d.complete(root)
	if d.quick != nil {
		whole := d.bench
		d.completeQuick(root)
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
		{"name", d.meaning(&b.Name, schema.Name)},
		{"base", d.meaning(&b.Base, schema.Path)},
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
		{"free_energy", d.freeEnergy},
		{"likelihood", d.likelihood},
		{"tune", d.tune},
		{"launch", d.launch},
	}
}

// remember makes fields note where they were given.
func (d *document) remember(fields []field) []field {
	for i, f := range fields {
		fields[i].read = func(n *yaml.Node, path string) {
			d.at[path] = n
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
		{"free_energy", d.freeEnergy},
		{"likelihood", d.likelihood},
		{"set", func(n *yaml.Node, path string) {
			var more []Setting
			d.settings(&more)(n, path)
			b.Set = slices.Concat(b.Set, more)
		}},
	}
}

// isConfig says whether a document is a run's config rather than a benchmark: all its keys
// are those of configs, and some of them of configs only.
func (d *document) isConfig(root *yaml.Node) bool {
	own := []string{"base"}
	for _, f := range schema.Settings(configs.Default()) {
		own = append(own, strings.FieldsFunc(f.Path, func(c rune) bool { return c == '.' || c == '[' })[0])
	}
	var shared []string
	for _, f := range d.fields() {
		shared = append(shared, f.key)
	}
	only := false
	for i := 0; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
		key := strings.ToLower(root.Content[i].Value)
		if !slices.Contains(own, key) {
			return false
		}
		only = only || !slices.Contains(shared, key)
	}
	return only
}

// isTheory says whether a document lists theories to compute.
func isTheory(root *yaml.Node) bool {
	for i := 0; root.Kind == yaml.MappingNode && i+1 < len(root.Content); i += 2 {
		if strings.EqualFold(root.Content[i].Value, "compute") {
			return true
		}
	}
	return false
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
