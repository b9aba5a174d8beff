package configs

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/internal/bounded/boundedtest"
)

// ofYAML is how many bytes a reader may allocate, and free again, for a byte of YAML. A value
// may be two bytes of text, and passes through the library's nodes, viper and a config; how many
// values there can be is bounded by schema.
const ofYAML = 4096

// Whatever the bytes, reading them gives a config or an error, and a config
// survives being written and read, hash included.
func FuzzLoad(f *testing.F) {
	for _, p := range Presets() {
		text, _ := presets.text(p.Name)
		f.Add(text)
	}
	for _, seed := range []string{
		"", documented, "name: [x", "rule:\n\tmask: full", "seed: 18446744073709551615\nname: \"a\\u2028b\"", "name: !!binary gIGC",
		"rule: {mask: [subnet, {kind: bernoulli, p: 1e-3, layers: [1, 2]}], clip: {kind: norm, bound: .inf}, optimizer: adam}",
		"data: {name: mixture, inputs: 3, delta: -0.0}\nmodel: {hidden: [], init: {kind: uniform, bound: 1_0.5}, bias: false}",
		"data: teacher\nmodel: {hidden: [3], activation: erf, loss: mse, bias: unit}", "data: {name: idx, dir: '~/#x'}",
		"energy: {prices: []}\ntrain: {goals: 0.5, epochs: 0, max_steps: 0x10}", "a: &a [1]\nb: *a", "--- {}\n--- {}", "<<: {name: x}",
		"Train: {Batch: 1}\ntrain: {batch: 2}", "\"train\\0batch\": 3", "train: {}\nrule: {mask: {}}", "? [a]\n: b", "name: ~", "out: {dir: ''}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var first *Config
		var err error
		boundedtest.AtMost(t, ofYAML, len(text), func() { first, err = parse(text, "fuzz.yaml", nil) })
		if err != nil {
			_ = err.Error()
			return
		}
		for _, comments := range []bool{true, false} {
			written, err := first.YAML(comments)
			if err != nil {
				t.Fatal(err)
			}
			second, err := parse(written, "written.yaml", nil)
			if err != nil {
				t.Fatalf("%v, of\n%s", err, written)
			}
			if diff := cmp.Diff(first, second, exact); diff != "" {
				t.Fatalf("(-first +second):\n%s\nof\n%s", diff, written)
			}
			if a, b := hash(t, first), hash(t, second); a != b {
				t.Fatalf("hash %s, then %s, of\n%s", a, b, written)
			}
		}
	})
}
