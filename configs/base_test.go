package configs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/graph/models"
	"ergon/masks/rules"
)

// write makes files in a new working directory.
func write(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A file that begins from another config says only what differs.
func TestBase(t *testing.T) {
	write(t, map[string]string{
		"preset.yaml":        "base: vanrossum2024\nseed: 3\n",
		"sub/one.yaml":       "base: two.yaml\ntrain: {batch: 7}\n",
		"sub/two.yaml":       "Base: ../preset.yaml\ntrain: {batch: 5, epochs: 2}\nrule: {mask: [{kind: bernoulli, p: 0.125}], optimizer: {lr: 0.5}}\n",
		"two.yaml":           "seed: 99\n", // not beside the one that names two.yaml
		"runs/x/config.yaml": "name: x\nseed: 4\nout: {dir: runs/x}\n",
		"run.yaml":           "base: runs/x\nseed: 5\n",
		"mnist":              "seed: 98\n", // a preset goes before a file of its name
		"shadow.yaml":        "base: mnist\n",
		"file.yaml":          "base: ./mnist\n",
	})
	for source, change := range map[string]func(*Config){
		"preset.yaml": func(c *Config) { c.Seed = 3 },
		"sub/one.yaml": func(c *Config) {
			c.Seed, c.Train.Batch, c.Train.Epochs = 3, 7, 2
			mask := load(t, "mnist", "rule.mask={kind: bernoulli, p: 0.125}").Rule.Mask
			c.Rule.Mask = mask
			c.Rule.Optimizer.(*rules.SGD).LearningRate = 0.5
		},
	} {
		want := load(t, "vanrossum2024")
		change(want)
		if diff := cmp.Diff(want, load(t, source), exact); diff != "" {
			t.Errorf("%s (-want +got):\n%s", source, diff)
		}
	}
	if c := load(t, "sub/one.yaml", "train.batch=9", "model.hidden[0]=50"); c.Train.Batch != 9 || c.Model.(*models.MLP).Hidden[0] != 50 || c.Train.Epochs != 2 {
		t.Errorf("overrides are not over all files: %+v", c)
	}
	for source, seed := range map[string]uint64{"runs/x": 4, "runs/x/": 4, "run.yaml": 5, "shadow.yaml": 0, "file.yaml": 98, "./mnist": 98} {
		if c := load(t, source); c.Seed != seed {
			t.Errorf("%s: seed %d, want %d", source, c.Seed, seed)
		}
	}
	// What is written holds all of it.
	c := load(t, "sub/one.yaml")
	if diff := cmp.Diff(c, reload(t, c, true), exact); diff != "" {
		t.Errorf("(-loaded +loaded back):\n%s", diff)
	}
}

// What is wrong with a base, or in one, is told where it is.
func TestWrongBase(t *testing.T) {
	write(t, map[string]string{
		"a.yaml":        "seed: 1\nbase: b.yaml\n",
		"b.yaml":        "base: sub/../a.yaml\n",
		"self.yaml":     "base: self.yaml\n",
		"none.yaml":     "seed: 1\nbase: nowhere.yaml\n",
		"typo.yaml":     "base: vanrosum2024\n",
		"empty.yaml":    "base: ''\n",
		"number.yaml":   "base: 010\n",
		"list.yaml":     "base: [mnist]\n",
		"stdin.yaml":    "base: '-'\n",
		"env.yaml":      "base: $HOME/x.yaml\n",
		"broken.yaml":   "trian: {batch: 3}\n",
		"outer.yaml":    "base: broken.yaml\nseed: -1\n",
		"tabs.yaml":     "train:\n\tbatch: 3\n",
		"on_tabs.yaml":  "base: tabs.yaml\n",
		"list_of.yaml":  "rule: {mask: [full, subnet]}\n",
		"on_list.yaml":  "base: list_of.yaml\nrule:\n  mask: {p: 0.1}\n",
		"folder/x":      "",
		"bench.yaml":    "base: mnist\nrules: [{label: a}]\ngoals: [0.9]\n",
		"on_bench.yaml": "base: bench.yaml\n",
	})
	for source, want := range map[string]string{
		"a.yaml":        "b.yaml:1: base: a.yaml begins from itself in the end",
		"self.yaml":     "self.yaml:1: base: self.yaml begins from itself in the end",
		"none.yaml":     "none.yaml:2: base: nowhere.yaml: neither a preset nor a file",
		"typo.yaml":     `did you mean "vanrossum2024"?`,
		"empty.yaml":    "empty.yaml:1: base: want a preset's name or a file",
		"number.yaml":   "number.yaml:1: base: want a preset's name or a file",
		"list.yaml":     "list.yaml:1: base: want a preset's name or a file",
		"stdin.yaml":    "stdin.yaml:1: base: a file cannot begin from standard input",
		"env.yaml":      `env.yaml:1: base: "$HOME/x.yaml" holds a variable`,
		"outer.yaml":    "broken.yaml:1: trian: unknown key",
		"on_tabs.yaml":  "tabs.yaml:2: not YAML",
		"on_list.yaml":  `on_list.yaml:3: rule.mask: is a list, and "p" is the key of a mapping; name its kind`,
		"folder":        "folder: is a folder without config.yaml, and no run directory",
		"bench.yaml":    "bench.yaml: is a benchmark; `ergon bench` runs it",
		"on_bench.yaml": "bench.yaml: is a benchmark",
		"":              "the config's name is empty",
		"$X/a.yaml":     "holds a variable",
		"rules":         "it is a benchmark: ergon bench rules",
		"train.batch":   "a setting is given a value: train.batch=…",
	} {
		if _, err := Load(source, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\ngot  %v\nwant %s", source, err, want)
		}
	}
	if _, err := Load("mnist", []string{"base=vanrossum2024"}); err == nil || !strings.Contains(err.Error(), "a command names its config first") {
		t.Errorf("base=: %v", err)
	}
}

// Files that begin from each other without end, by paths that are never the same.
func TestBaseEnds(t *testing.T) {
	write(t, map[string]string{"a.yaml": "base: d/a.yaml\n"})
	if err := os.Symlink(".", "d"); err != nil {
		t.Skip(err)
	}
	if _, err := Load("a.yaml", nil); err == nil || !strings.Contains(err.Error(), "begins from itself") {
		t.Errorf("got %v", err)
	}
}

// Standard input is a source as any.
func TestStandardInput(t *testing.T) {
	write(t, map[string]string{"in": "base: b.yaml\nseed: 3\n", "b.yaml": "seed: 2\ntrain: {batch: 5}\n", "bad": "seed: x\n"})
	from := func(file string) (*Config, error) {
		in, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		before := os.Stdin
		defer func() { os.Stdin = before }()
		os.Stdin = in
		return Load("-", nil)
	}
	if c, err := from("in"); err != nil || c.Seed != 3 || c.Train.Batch != 5 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := from("bad"); err == nil || !strings.HasPrefix(err.Error(), "standard input:1: seed: want") {
		t.Errorf("got %v", err)
	}
}
