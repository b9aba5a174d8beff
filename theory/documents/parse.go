package documents

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"ergon/internal/schema"
	"ergon/theory"
)

// most is how many computations a document may list.
const most = 100

// The keys of a document, and of each computation.
var (
	keys     = []string{"compute", "runtime"}
	itemKeys = []string{"set", "theory"}
)

// parser reads a document. What is wrong with it is kept, with its place.
type parser struct {
	file     string
	line     func(path string) schema.Place
	settings []string // of the command line
	used     []bool   // [settings], whether a theory has it
	problems schema.Errors
}

// Parse reads a document, which messages call file. Each of settings, key=value, holds for
// all theories that have the key; a key that none has is an error.
func Parse(text []byte, file string, settings []string) (*Document, error) {
	if len(strings.TrimSpace(string(text))) == 0 {
		return nil, &schema.Error{File: file, Problem: "is empty", Hint: "compute: [{theory: sphere}] is the least"}
	}
	p := &parser{file: file, settings: settings, used: make([]bool, len(settings))}
	tree, err := p.tree(text)
	if err != nil {
		return nil, err
	}
	if err := foreign(tree, file); err != nil {
		return nil, err
	}
	d := &Document{Name: strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), Summary: firstComment(text)}
	p.known(tree, "", keys)
	if runtime, ok := tree["runtime"]; ok {
		d.Runtime = p.text(runtime, "runtime")
	}
	p.compute(d, tree)
	if len(p.problems) == 0 {
		p.unused()
	}
	if len(p.problems) > 0 {
		return nil, p.problems
	}
	return d, nil
}

// tree returns the settings of a document, and notes where they are.
func (p *parser) tree(text []byte) (tree map[string]any, err error) {
	if p.line, err = schema.Lines(text); err == nil {
		tree, err = schema.Tree(text)
	}
	if all, ok := errors.AsType[schema.Errors](err); ok {
		for _, e := range all {
			e.File = p.file
		}
	}
	return tree, err
}

// fail notes a problem at a path.
func (p *parser) fail(path, hint, format string, args ...any) {
	p.problems = append(p.problems, &schema.Error{
		File: p.file, Line: p.line(path).Line, Path: path, Problem: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// known refuses the keys of a mapping that are not among those there are.
func (p *parser) known(tree map[string]any, path string, names []string) {
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		if !slices.Contains(names, key) {
			p.fail(strings.TrimPrefix(path+"."+key, "."), schema.DidYouMean(key, names), "unknown key (keys: %s)", strings.Join(names, ", "))
		}
	}
}

// text returns a value that must be a text.
func (p *parser) text(value any, path string) string {
	text, ok := value.(string)
	if !ok {
		p.fail(path, "", "want a text")
	}
	return text
}

// compute reads the list of computations.
func (p *parser) compute(d *Document, tree map[string]any) {
	list, ok := tree["compute"].([]any)
	switch {
	case tree["compute"] == nil:
		p.fail("compute", "compute: [{theory: sphere}] is the least", "is missing: a theory document lists what to compute")
	case !ok:
		p.fail("compute", "", "want a list of {theory: NAME, set: {…}}")
	case len(list) == 0 || len(list) > most:
		p.fail("compute", "", "want 1 to %d computations, got %d", most, len(list))
	default:
		for i, item := range list {
			p.computation(d, item, fmt.Sprintf("compute[%d]", i))
		}
	}
}

// computation reads one of the list.
func (p *parser) computation(d *Document, item any, path string) {
	tree, ok := item.(map[string]any)
	if !ok {
		p.fail(path, "", "want {theory: NAME, set: {…}}")
		return
	}
	before := len(p.problems)
	p.known(tree, path, itemKeys)
	name, set := "", map[string]any{}
	if given, ok := tree["theory"]; ok {
		name = p.text(given, path+".theory")
	} else {
		p.fail(path, "", "names no theory")
	}
	if given, ok := tree["set"]; ok {
		if set, ok = given.(map[string]any); !ok {
			p.fail(path+".set", "", "want a mapping of settings")
		}
	}
	if len(p.problems) > before {
		return
	}
	made, err := p.make(name, set, path)
	if err != nil {
		p.locate(err, path)
		return
	}
	d.Computations = append(d.Computations, Computation{name, command(name, made), made})
}

// make makes the theory of a computation.
func (p *parser) make(name string, set map[string]any, path string) (theory.Theory, error) {
	var own []string
	for i, setting := range p.settings {
		if key := theory.KeyOf(setting); theory.Has(name, key) {
			own, p.used[i] = append(own, setting), true
		}
	}
	return theory.Make(name, set, func(key string) (string, int) { return p.file, p.line(path + ".set." + key).Line }, own)
}

// locate keeps the problems with a computation, each with its place.
func (p *parser) locate(err error, path string) {
	all, ok := errors.AsType[schema.Errors](err)
	if one, is := errors.AsType[*schema.Error](err); !ok && is {
		all, ok = schema.Errors{one}, true
	}
	if !ok {
		p.fail(path, "", "%v", err)
	}
	for _, e := range all {
		switch {
		case e.File == schema.CommandLine:
			e.Path = path + ": " + e.Path
		case e.File == "": // of the theory's name
			e.File, e.Line, e.Path = p.file, p.line(path+".theory").Line, path+".theory"
		default:
			e.Path = strings.TrimSuffix(path+".set."+e.Path, ".")
		}
		p.problems = append(p.problems, e)
	}
}

// unused refuses settings of the command line that no theory of the document has.
func (p *parser) unused() {
	for i, setting := range p.settings {
		if !p.used[i] {
			p.problems = append(p.problems, &schema.Error{File: schema.CommandLine, Path: theory.KeyOf(setting), Problem: "no theory of " + p.file + " has this setting"})
		}
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
