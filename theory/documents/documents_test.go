package documents

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ergon/configs"
	"ergon/internal/schema"
	"ergon/theory"

	_ "ergon/theory/hebb"
	_ "ergon/theory/idealgas"
	_ "ergon/theory/mixture"
	_ "ergon/theory/sphere"
	_ "ergon/theory/twolayer"
)

// encoded returns a theory's settings as text.
func encoded(t *testing.T, made theory.Theory) string {
	t.Helper()
	text, err := schema.Encode(made, false)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Each document that comes with the program says what it shows and how long it takes, and its
// commands make the theories that it computes.
func TestDocumentsOfTheProgram(t *testing.T) {
	all, err := List()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 2 || len(all) != len(configs.Theories()) {
		t.Fatalf("%d documents, want those of configs/theories", len(all))
	}
	for _, d := range all {
		if d.Summary == "" || d.Runtime == "" || len(d.Computations) == 0 || !Named(d.Name) {
			t.Errorf("%s: summary %q, runtime %q, %d computations", d.Name, d.Summary, d.Runtime, len(d.Computations))
		}
		for _, c := range d.Computations {
			words := strings.Fields(c.Command)
			made, err := theory.New(words[2], words[3:])
			if err != nil || encoded(t, made) != encoded(t, c.Theory) {
				t.Errorf("%s: `%s` makes another theory, %v", d.Name, c.Command, err)
			}
		}
	}
}

const two = `# two of them
runtime: no time
compute:
  - {theory: hebb, set: {nu: 2, drive: slow}}
  - theory: twolayer
    set:
      q: [[0.3, 0], [0, 0.3]]
`

// Settings of a document are those of its theories, those of the call go before them.
func TestParse(t *testing.T) {
	d, err := Parse([]byte(two), "my/two.yaml", []string{"simulate=3", "NU=5"})
	if err != nil {
		t.Fatal(err)
	}
	commands := []string{d.Computations[0].Command, d.Computations[1].Command}
	want := []string{"ergon theory hebb nu=5 drive=slow simulate=3", "ergon theory twolayer 'q=[[0.3, 0], [0, 0.3]]' simulate=3"}
	if d.Name != "two" || d.Summary != "two of them" || d.Runtime != "no time" || !slices.Equal(commands, want) {
		t.Errorf("%+v\n%q, want\n%q", d, commands, want)
	}
}

// The rule of a theory is in its command, with what is not the default of a rule that is given; and the command makes the
// theory again.
func TestCommandsOfRules(t *testing.T) {
	for set, want := range map[string]string{
		"{eta: 0.3}":                       "ergon theory mixture eta=0.3",
		"{rule: {optimizer: {lr: 0.1}}}":   "ergon theory mixture 'rule.gate={kind: none}'",
		"{rule: {clip: {kind: norm}}}":     "ergon theory mixture 'rule.clip={kind: norm, bound: 1, per: network}'",
		"{steps: 3, rule: {mask: frozen}}": "ergon theory mixture steps=3 'rule.mask=[{kind: frozen, layers: [1], biases: true}]'",
	} {
		d, err := Parse([]byte("compute: [{theory: mixture, set: "+set+"}]"), "d.yaml", nil)
		if err != nil {
			t.Fatal(err)
		}
		one := d.Computations[0]
		if one.Command != want {
			t.Errorf("%s: %s, want %s", set, one.Command, want)
		}
		words := strings.SplitN(want, " ", 4)
		var settings []string
		for _, word := range strings.Split(words[3], " '") {
			settings = append(settings, strings.Trim(word, "'"))
		}
		if made, err := theory.New("mixture", settings); err != nil || encoded(t, made) != encoded(t, one.Theory) {
			t.Errorf("%s: `%s` makes another theory, %v", set, one.Command, err)
		}
	}
	if d, err := Parse([]byte("compute: [{theory: mixture}]"), "d.yaml", []string{"rule.mask={kind: bernoulli, p: 0.25}"}); err != nil || !strings.Contains(d.Computations[0].Command, "p: 0.25") {
		t.Errorf("a rule on the command line: %v", err)
	}
}

// What is no document is an error that says where, what and what to do.
func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                         "d.yaml: is empty; compute: [{theory: sphere}] is the least",
		"# nothing\n":              "d.yaml:1: compute: is missing: a theory document lists what to compute",
		"[1, 2]":                   "d.yaml:1: a document of settings is a mapping, not a list",
		"compute: [":               "d.yaml:1: not YAML",
		"compute: []":              "d.yaml:1: compute: want 1 to 100 computations, got 0",
		"compute: hebb":            "d.yaml:1: compute: want a list of {theory: NAME, set: {…}}",
		"compute: [hebb]":          "d.yaml:1: compute[0]: want {theory: NAME, set: {…}}",
		"compute:\n- set: {nu: 1}": "d.yaml:2: compute[0]: names no theory",
		"compute:\n- theory: heb":  "d.yaml:2: compute[0].theory: unknown theory \"heb\"",
		"compute:\n- theory: hebb\n  sets: {nu: 1}":                               "d.yaml:3: compute[0].sets: unknown key (keys: set, theory); did you mean \"set\"?",
		"compute:\n- theory: hebb\n  set: 3":                                      "d.yaml:3: compute[0].set: want a mapping of settings",
		"compute:\n- theory: hebb\n  set:\n    mu: 3":                             "d.yaml:4: compute[0].set.mu: unknown key",
		"compute:\n- theory: hebb\n  set:\n    nu: -3":                            "d.yaml:4: compute[0].set.nu: -3 is outside",
		"compute:\n- theory: [hebb]":                                              "d.yaml:2: compute[0].theory: want a text",
		"compute:\n- theory: hebb\n  set: {n: 2000, alpha: 0.00033, simulate: 1}": "d.yaml:3: compute[0].set.n: times alpha is 0.66 labels",
		"computes: [{theory: hebb}]":                                              "d.yaml:1: computes: unknown key (keys: compute, runtime); did you mean \"compute\"?",
		"base: mnist\nrules: [{label: a}]\ngoals: [0.9]":                          "d.yaml: is a benchmark; `ergon bench` runs it",
		"base: mnist\nseed: 3":                                                    "d.yaml: is a config; `ergon train` trains it",
		strings.Repeat("compute:\n", 2):                                           "d.yaml:1: compute: has no value",
		"compute: [" + strings.Repeat("{theory: hebb}, ", 101) + "]":              "want 1 to 100 computations, got 101",
	} {
		_, err := Parse([]byte(text), "d.yaml", nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60q: error\n%v\nwant in it\n%s", text, err, want)
		}
	}
}

// A setting of the call that no theory of the document has is an error, as is one that does
// not fit; nothing of it is passed over in silence.
func TestParseRefusesSettings(t *testing.T) {
	for setting, want := range map[string]string{
		"kappa=3": "command line: kappa: no theory of d.yaml has this setting",
		"nu=-1":   "command line: compute[0]: nu: -1 is outside",
		"nu":      "compute[0]",
	} {
		if _, err := Parse([]byte(two), "d.yaml", []string{setting}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", setting, err, want)
		}
	}
}

// Sources are documents of the program and files. A name like that of a document says which
// was meant.
func TestLoad(t *testing.T) {
	file := filepath.Join(t.TempDir(), "two.yaml")
	if err := os.WriteFile(file, []byte(two), 0o600); err != nil {
		t.Fatal(err)
	}
	if d, err := Load(file, nil); err != nil || len(d.Computations) != 2 || !Named(file) {
		t.Errorf("%+v, %v", d, err)
	}
	for _, source := range []string{"hebb", "heb", "eta=0.5", "run=a/b", filepath.Dir(file)} {
		if Named(source) {
			t.Errorf("%s is taken for a document", source)
		}
	}
	for source, want := range map[string]string{
		"papers/idealgas2024":     `neither a theory document nor a file; documents are papers/freeenergy2025-sphere, papers/idealgas2025; did you mean "papers/idealgas2025"?`,
		filepath.Dir(file) + "/.": "is a folder and no file",
	} {
		if _, err := Load(source, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", source, err, want)
		}
	}
}

// FuzzDocument reads whatever comes: a document, or an error with a place.
func FuzzDocument(f *testing.F) {
	for _, p := range configs.Theories() {
		text, _ := configs.TheoryText(p.Name)
		f.Add(text, "seed=1")
	}
	f.Add([]byte(two), "nu=3")
	f.Fuzz(func(t *testing.T, text []byte, setting string) {
		d, err := Parse(text, "fuzz.yaml", []string{setting})
		if err != nil {
			if !strings.Contains(err.Error(), "fuzz.yaml") && !strings.Contains(err.Error(), "command line") {
				t.Errorf("no place in %v", err)
			}
			return
		}
		for _, c := range d.Computations {
			if c.Theory == nil || !strings.HasPrefix(c.Command, "ergon theory "+c.Name) {
				t.Errorf("%+v", c)
			}
		}
	})
}
