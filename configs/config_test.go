package configs

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files in testdata anew")

// exact compares configs whole: kinds embed unexported structs.
var exact = cmp.Exporter(func(reflect.Type) bool { return true })

// load loads a config that has to be good.
func load(t *testing.T, source string, overrides ...string) *Config {
	t.Helper()
	if source == "" {
		source = DefaultPreset
	}
	c, err := Load(source, overrides)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// parse makes a config of a document and overrides.
func parse(text []byte, file string, overrides []string) (*Config, error) {
	d, err := newDocument(text, file, ".")
	if err != nil {
		return nil, err
	}
	return resolve([]document{d}, overrides)
}

// reload writes a config to a file and loads that.
func reload(t *testing.T, c *Config, comments bool) *Config {
	t.Helper()
	text, err := c.YAML(comments)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "resolved.yaml")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return load(t, file)
}

func hash(t *testing.T, c *Config) string {
	t.Helper()
	h, err := c.Hash()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// A run directory holds the resolved config: loading it has to give the same
// run, with the same hash, with comments or without.
func TestPresetsRoundTrip(t *testing.T) {
	if len(Presets()) == 0 {
		t.Fatal("no presets")
	}
	for _, p := range Presets() {
		t.Run(p.Name, func(t *testing.T) {
			c := load(t, p.Name)
			if c.Name != p.Name || p.Summary == "" {
				t.Errorf("name %q, summary %q", c.Name, p.Summary)
			}
			for _, comments := range []bool{true, false} {
				again := reload(t, c, comments)
				if diff := cmp.Diff(c, again, exact); diff != "" {
					t.Errorf("comments %v (-preset +loaded back):\n%s", comments, diff)
				}
				if a, b := hash(t, c), hash(t, again); a != b {
					t.Errorf("comments %v: hash %s, loaded back %s", comments, a, b)
				}
			}
		})
	}
}

// What a preset resolves to is what its results depend on: a change of it is
// a decision, made with -update.
func TestDefaultPresetGolden(t *testing.T) {
	got, err := load(t, "").YAML(false)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "default_preset.golden.yaml")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v; go test ./configs -update writes it", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-golden +resolved), go test ./configs -update accepts it:\n%s", diff)
	}
}

// documented are the defaults that users are promised, every key of them.
const documented = `
name: mnist
seed: 0
data:   {name: mnist, dir: "", train: 0, test: 0, transform: unit}
model:  {kind: mlp, hidden: [100], activation: relu, bias: true, init: {kind: he}, loss: softmax_xent}
rule:   {gate: {kind: none}, error: {kind: full}, mask: [{kind: full}], clip: {kind: none}, optimizer: {kind: sgd, lr: 0.1}, cache: {kind: none}}
train:  {batch: 32, sampling: shuffle, epochs: 5, max_steps: 0, max_presentations: 0, eval_every: 0, eval_presentations: 0, log_every: 0, goals: [0.9, 0.93, 0.95, 0.97], stop_at: 0}
energy: {prices: [horowitz45nm], meter: auto, temperature: 300}
engine: {device: cpu, blas: auto, threads: 0}
out:    {dir: ""}
`

func TestDefaultsAreDocumented(t *testing.T) {
	c, err := parse([]byte(documented), "documented", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	if diff := cmp.Diff(&want, c, exact); diff != "" {
		t.Errorf("(-default +documented):\n%s", diff)
	}
	for _, empty := range []string{"", "\n", "# nothing\n", "---\n", "{}"} {
		c, err := parse([]byte(empty), "empty", nil)
		if err != nil {
			t.Errorf("%q: %v", empty, err)
		} else if diff := cmp.Diff(&want, c, exact); diff != "" {
			t.Errorf("%q (-default +loaded):\n%s", empty, diff)
		}
	}
}

// The hash names a directory: runs that compute the same share it, others do not.
func TestHash(t *testing.T) {
	same, other := hash(t, load(t, "mnist")), map[string]string{}
	if len(same) != 10 || strings.Trim(same, "0123456789abcdef") != "" {
		t.Errorf("hash %q, want 10 hexadecimal digits", same)
	}
	for _, assignment := range []string{"out.dir=elsewhere", "seed=0", "rule.gate=none", "data.transform=unit", "train.crossing=first", "train.sustain=0"} {
		if h := hash(t, load(t, "mnist", assignment)); h != same {
			t.Errorf("%s changes the hash", assignment)
		}
	}
	for _, assignment := range []string{"seed=1", "name=other", "rule.optimizer.lr=0.25", "rule.mask[0].p=0.25", "model.hidden=[99]", "train.epochs=1", "train.max_presentations=1", "train.eval_presentations=1", "train.crossing=sustained"} {
		h := hash(t, load(t, "mnist", assignment))
		if h == same || other[h] != "" {
			t.Errorf("%s has the hash of %q", assignment, other[h])
		}
		other[h] = assignment
	}
}

// Settings of idx files that came later leave earlier runs their names.
func TestHashOfIDXFiles(t *testing.T) {
	for want, assignments := range map[string][]string{
		"ccfdc7afd0": {"data=idx", "data.dir=d", "train.max_steps=2"},
		"84c6d3ded3": {"data=idx", "data.dir=d", "data.classes=7", "train.max_steps=2"},
	} {
		if got := hash(t, load(t, "mnist", assignments...)); got != want {
			t.Errorf("%v has the hash %s, and had %s", assignments, got, want)
		}
		for _, more := range []string{"data.prefix=emnist", "data.renumber=true"} {
			if got := hash(t, load(t, "mnist", append(assignments, more)...)); got == want {
				t.Errorf("%s changes nothing", more)
			}
		}
	}
}

// Directories of earlier versions are found again: a key that was added since
// is not part of a hash until it is set.
func TestHashesOfEarlierVersions(t *testing.T) {
	for preset, want := range map[string]string{
		"convnet": "504f88054e", "fashion_mnist": "6374c2e170", "frugal_m0": "da4ec7bc6c", "frugal_m1": "2e082c75c4",
		"frugal_m1_95": "db30a04a86", "lazy2023": "1cdb73137d", "li2020": "3cb7696df4", "li2020_perceptron": "9048adbace",
		"malkin2024": "1898ac0f4a", "meprop2017": "e81e94d12e", "mixture": "97191debf5", "mnist": "5d81950c56",
		"quasistatic": "1309aef6c5", "vanrossum2024": "e971b28609",
	} {
		if got := hash(t, load(t, preset)); got != want {
			t.Errorf("%s has the hash %s, and had %s", preset, got, want)
		}
	}
	if got := hash(t, load(t, "mnist", "train.max_steps=7", "train.epochs=0", "rule.optimizer.lr=1e-5")); got != "7ccc25eb52" {
		t.Errorf("with settings: hash %s, and it was 7ccc25eb52", got)
	}
}

func TestDir(t *testing.T) {
	c := load(t, "mnist", "name=trial")
	for dir, want := range map[string]string{"": filepath.Join("runs", "trial-"+hash(t, c)), "a/b": "a/b"} {
		c.Out.Dir = dir
		if got, err := c.Dir(); err != nil || got != want {
			t.Errorf("out.dir %q: directory %q, %v; want %q", dir, got, err, want)
		}
	}
}
