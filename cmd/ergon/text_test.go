package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"ergon/configs"
	"ergon/energy"
	"ergon/internal/schema"
	"ergon/sweep"
	"ergon/theory"
)

// A form is a text that YAML, a shell or another program reads as something else
// than what it looks like.
type form struct {
	raw    string
	plain  string // the text that it is in a YAML file, where that is not raw: blanks and comments are left out
	number string // the number that it is, if it is one
}

var forms = []form{
	// leading zeros are octal to some
	{raw: "010", number: "10"}, {raw: "08", number: "8"}, {raw: "-007", number: "-7"}, {raw: "00", number: "0"},
	{raw: "0_1", number: "1"}, {raw: "00.5", number: "0.5"}, {raw: "+012", number: "12"}, {raw: "01e2", number: "100"},
	// other numbers
	{raw: "1e-400"}, {raw: "-1e-400"}, {raw: "1e400"}, {raw: "1_000", number: "1000"}, {raw: "0o10", number: "8"}, {raw: "0x10", number: "16"},
	{raw: "1:30"}, {raw: "2001-01-01"}, {raw: "1.10", number: "1.1"}, {raw: "1e1", number: "10"}, {raw: "9007199254740993.0", number: "9007199254740992"},
	// words of YAML, and what begins like its marks
	{raw: "null"}, {raw: "~"}, {raw: "on"}, {raw: "y"}, {raw: "="}, {raw: "<<"}, {raw: "!t a"}, {raw: "!!str 3"}, {raw: "!env A"}, {raw: "!!int a"},
	{raw: "%YAML"}, {raw: "*a"}, {raw: "&a b"}, {raw: "- a"}, {raw: "a: b"}, {raw: "|"}, {raw: "> a"}, {raw: "@a"}, {raw: "'a"}, {raw: `"a`}, {raw: "{a"}, {raw: "[a"}, {raw: "? a"},
	// comments and blanks
	{raw: "a #b", plain: "a"}, {raw: "#b"}, {raw: "3 #b", plain: "3", number: "3"}, {raw: " a", plain: "a"}, {raw: "a ", plain: "a"}, {raw: ""}, {raw: " "}, {raw: "\u00a0a"}, {raw: "a\tb"}, {raw: "\u200b3"},
	// what a shell or another program expands
	{raw: "~/a"}, {raw: "~a/b"}, {raw: "$A"}, {raw: "${A}"}, {raw: "a/$A"}, {raw: "a${oc.env:A}"}, {raw: "$(a)"}, {raw: "%A%"}, {raw: "a*"},
}

// expands are the forms that no path and no name may be.
var expands = regexp.MustCompile(`\$`)

// A place is where something is given: a setting, a key, a flag.
type place struct {
	name string
	path bool // of a file
	free bool // a path or a name
	file bool // in a YAML file
	null bool // the word null means something: not known
	read func(text string) (any, error)
}

// check gives the place every form. It must be an error that says where, or what
// the same place makes of the text in quotes, or of the plain decimal number.
func (p place) check(t *testing.T) {
	t.Helper()
	for _, f := range forms {
		got, err := p.read(f.raw)
		if err != nil {
			if !p.says(err, f) {
				t.Errorf("%s: %q: the error does not say where: %v", p.name, f.raw, err)
			}
			continue
		}
		text := f.raw
		if p.file && f.plain != "" {
			text = f.plain
		}
		if p.path && strings.HasPrefix(text, "~/") {
			text = filepath.Join(os.Getenv("HOME"), text[2:])
		}
		if p.free && expands.MatchString(text) {
			t.Errorf("%s: %q was taken", p.name, f.raw)
		}
		if p.null && (text == "null" || text == "~") {
			continue
		}
		if !p.equal(got, strconv.Quote(text)) && (f.number == "" || !p.equal(got, f.number)) {
			t.Errorf("%s: %q became %+v", p.name, f.raw, got)
		}
	}
}

// says tells whether an error says where it is; so it does not if it is about another
// setting, which does not fit the number.
func (p place) says(err error, f form) bool {
	if text := err.Error(); strings.Contains(text, p.name) || strings.Contains(text, "not YAML") {
		return true
	}
	_, same := p.read(f.number)
	return f.number != "" && same != nil && same.Error() == err.Error()
}

func (p place) equal(got any, text string) bool {
	want, err := p.read(text)
	return err == nil && reflect.DeepEqual(got, want)
}

// settingsOf returns the places of all settings of a struct, on the command line and in a file.
func settingsOf(t *testing.T, in string, fresh func() any) (all []place) {
	for _, s := range schema.Settings(fresh()) {
		if strings.HasSuffix(s.Type, "string") && s.Allowed == "" && s.Text == "" {
			t.Errorf(`%s %s: say by a tag what the text is, text:"path" or text:"name"`, in, s.Path)
		}
		begin := func() (map[string]any, any) {
			tree, config := map[string]any{}, fresh()
			for _, kind := range s.Kinds {
				if err := schema.Set(tree, config, kind); err != nil {
					t.Fatal(err)
				}
			}
			for _, path := range missing(schema.Decode(tree, fresh(), nil)) {
				if path == s.Path {
					continue
				}
				if err := schema.Set(tree, config, path+"=given"); err != nil {
					t.Fatal(err)
				}
			}
			return tree, config
		}
		p := place{name: s.Path, path: s.Text == "path", free: s.Text != ""}
		p.read = func(text string) (any, error) {
			tree, config := begin()
			if err := schema.Set(tree, config, s.Path+"="+text); err != nil {
				return nil, err
			}
			err := schema.Decode(tree, config, nil)
			return config, err
		}
		all = append(all, p)
		document := documentOf(t, s.Path, begin)
		p.file = true
		p.read = func(text string) (any, error) {
			tree, err := schema.Tree([]byte(strings.Replace(document, "PLACE", text, 1)))
			if err != nil {
				return nil, err
			}
			config := fresh()
			err = schema.Decode(tree, config, nil)
			return config, err
		}
		all = append(all, p)
	}
	return all
}

// missing returns the settings that an error says must be given.
func missing(err error) (paths []string) {
	for _, m := range regexp.MustCompile(`(?m)([a-z_.]+): missing`).FindAllStringSubmatch(fmt.Sprint(err), -1) {
		paths = append(paths, m[1])
	}
	return paths
}

// documentOf returns a document with PLACE where the setting's value is.
func documentOf(t *testing.T, path string, begin func() (map[string]any, any)) string {
	tree, config := begin()
	if err := schema.Set(tree, config, path+`="PLACE"`); err != nil {
		t.Fatal(err)
	}
	text, err := yaml.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTextStaysTextInConfigs(t *testing.T) {
	all := settingsOf(t, "config", func() any {
		c := configs.Default()
		c.Energy.Prices = nil // to read a table each time takes long
		return &c
	})
	if len(all) < 100 {
		t.Fatalf("the schema was not walked: %d settings", len(all))
	}
	for _, p := range all {
		p.check(t)
	}
}

func TestTextStaysTextInLaunchSettings(t *testing.T) {
	all := settingsOf(t, "launch", func() any {
		l := configs.DefaultLaunch()
		return &l
	})
	if len(all) < 30 {
		t.Fatalf("the schema was not walked: %d settings", len(all))
	}
	for _, p := range all {
		p.check(t)
	}
}

func TestTextStaysTextInTheories(t *testing.T) {
	for _, kind := range theory.Theories.Kinds() {
		for _, p := range settingsOf(t, "theory "+kind.Name, func() any {
			made, _ := theory.Theories.New(kind.Name)
			return made
		}) {
			p.check(t)
		}
	}
}

var keysOfError = regexp.MustCompile(`unknown key \(keys: ([^)]*)\)`)

// keysAt returns the keys of a mapping, as the error of an unknown one lists them.
func keysAt(t *testing.T, read func(text string) (any, error), withUnknown string) []string {
	t.Helper()
	_, err := read(withUnknown)
	m := keysOfError.FindStringSubmatch(fmt.Sprint(err))
	if m == nil {
		t.Fatalf("no keys are listed: %v", err)
	}
	return strings.Split(m[1], ", ")
}

func TestTextStaysTextInPriceTables(t *testing.T) {
	file := filepath.Join(t.TempDir(), "table.yaml")
	read := func(text string) (any, error) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		table, err := energy.OpenTable(file)
		if table != nil {
			table.File, table.SHA256 = "", "" // they are of the text, not of what it says
		}
		return table, err
	}
	for _, key := range keysAt(t, read, "zzz: 1\n") {
		place{name: key, file: true, null: true, read: func(text string) (any, error) { return read(key + ": " + text + "\n") }}.check(t)
	}
	for _, key := range keysAt(t, read, "mac: {zzz: 1}\n") {
		place{name: key, file: true, null: true, read: func(text string) (any, error) {
			return read("mac:\n  " + strings.TrimPrefix("price: 1\n  ", key+": 1\n  ") + key + ": " + text + "\n")
		}}.check(t)
	}
}

func TestTextStaysTextInBenchmarks(t *testing.T) {
	const top = "base: mnist\ngoals: [0.5]\nrules:\n- label: a\n"
	read := func(text string) (any, error) { return sweep.Parse([]byte(text), "b.yaml", "b", false) }
	check := func(keys []string, leave string, free map[string]bool, document func(key, text string) string) {
		for _, key := range keys {
			if strings.Contains(" "+leave+" ", " "+key+" ") {
				continue // a mapping or a list of them
			}
			place{name: key, file: true, path: key == "base", free: free[key], read: func(text string) (any, error) { return read(document(key, text)) }}.check(t)
		}
	}
	check(keysAt(t, read, "zzz: 1\n"), "rules set grid quick tune published launch free_energy likelihood", map[string]bool{"base": true, "name": true}, func(key, text string) string {
		return regexp.MustCompile(`(?m)^`+key+`:.*\n`).ReplaceAllString(top, "") + key + ": " + text + "\n"
	})
	check(keysAt(t, read, top+"tune: {zzz: 1}\n"), "set search price", nil, func(key, text string) string {
		rest := regexp.MustCompile(`(?m)^  `+key+`:.*\n`).ReplaceAllString("  search: {lr: [0.1, 1]}\n  rungs: [0.5]\n", "")
		return top + "tune:\n" + rest + "  " + key + ": " + text + "\n"
	})
	check(keysAt(t, read, top+"free_energy: {zzz: 1}\n"), "", nil, func(key, text string) string {
		return top + "grid: {lr: [0.1, 0.2, 0.3]}\nfree_energy:\n  " + key + ": " + text + "\n"
	})
	check(keysAt(t, read, top+"published: [{zzz: 1}]\n"), "", nil, func(key, text string) string {
		rest := regexp.MustCompile(`(?m)^  `+key+`:.*\n`).ReplaceAllString("  label: a\n  goal: 0.5\n  source: b\n", "")
		return top + "published:\n-\n" + rest + "  " + key + ": " + text + "\n"
	})
	// Settings of a benchmark reach a config by way of overrides.
	for path, document := range map[string]string{
		"name": "set: {name: %s}", "out.dir": "", "data.dir": "set:\n  data:\n    name: idx\n    dir: %s", "train.batch": "set:\n  train.batch: %s",
		"rule.optimizer.lr": "grid:\n  lr:\n  - %s", "energy.prices": "set:\n  energy.prices:\n  - %s", "model.hidden": "set:\n  model.hidden: %s",
	} {
		if document == "" {
			continue // a benchmark makes it itself
		}
		place{name: path[strings.LastIndex(path, ".")+1:], file: true, path: path == "data.dir" || path == "energy.prices", free: !strings.Contains(path, "e.") || path == "energy.prices", read: func(text string) (any, error) {
			b, err := sweep.Parse([]byte(top+strings.Replace(document, "%s", text, 1)+"\n"), "b.yaml", "b", false)
			if err != nil {
				return nil, err
			}
			cells, err := b.Cells(nil)
			if err != nil {
				return nil, err
			}
			return cells[0].Config, nil
		}}.check(t)
	}
}

// words are the flags that are neither paths nor settings, but one of a few words, YAML that
// is read as a benchmark's is, or the beginning of files' names.
var words = map[string]bool{"model": true, "rule": true, "device": true, "prefix": true, "on": true, "packs": true, "price": true, "limit": true}

func TestTextStaysTextInFlags(t *testing.T) {
	for _, c := range commands(newRoot()) {
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			_, path := f.Value.(*pathFlag)
			switch f.Value.Type() {
			case "bool", "stringArray": // key=value, which Set reads
				return
			case "string":
				if !path && !words[f.Name] {
					t.Errorf("%s --%s: define it by pathVar, or name it among the words", c.CommandPath(), f.Name)
				}
			default:
				if !strings.Contains(fmt.Sprintf("%T", f.Value), "numberFlag") {
					t.Errorf("%s --%s: define it by intVar, floatVar or intsVar", c.CommandPath(), f.Name)
				}
			}
			place{name: f.Name, path: path, free: path, read: func(text string) (any, error) {
				if f.Value.Type() == "string" {
					if unquoted, err := strconv.Unquote(text); err == nil {
						text = unquoted // a shell takes the quotes away
					}
				}
				if err := c.Flags().Set(f.Name, text); err != nil {
					return nil, err
				}
				return f.Value.String(), nil
			}}.check(t)
		})
	}
}
