// Package configs is the schema of a run: one typed struct, made of the specs
// of the packages that do the work, loaded from presets, files and key=value
// overrides. Unknown keys, wrong types and values out of range are errors that
// say where, what is allowed, and what was probably meant.
package configs

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"strings"
	"unicode"

	"ergon/datasets"
	"ergon/energy"
	"ergon/graph"
	_ "ergon/graph/boltzmann" // kinds of model that model.kind names
	"ergon/graph/engine"
	_ "ergon/graph/models"      // more of them
	_ "ergon/graph/quasistatic" // and one more
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
)

// Config says everything about a run.
type Config struct {
	Name       string        `key:"name" text:"name" doc:"what the run is called; part of its directory's name"`
	Seed       uint64        `key:"seed" doc:"of all random numbers: initial weights, order, masks, noise"`
	Data       datasets.Spec `key:"data" precision:"float32" doc:"what is learned from"`
	Model      graph.Spec    `key:"model" precision:"float32" doc:"the network"`
	Rule       masks.Rule    `key:"rule" precision:"float32" doc:"how it learns"`
	Train      Train         `key:"train" doc:"how long, and what is looked at on the way"`
	Saving     Saving        `key:"checkpoint" doc:"when the state of a run is saved, so that it can go on after it was stopped" identity:"nonzero"`
	Energy     energy.Spec   `key:"energy" doc:"how the account is priced"`
	Free       FreeEnergy    `key:"free_energy" doc:"whether energy and entropy of the weights are measured" identity:"nonzero"`
	Likelihood Likelihood    `key:"likelihood" doc:"how the likelihood of a Boltzmann machine is found" identity:"nonzero"`
	Engine     engine.Spec   `key:"engine" doc:"what computes; results depend on device and blas only by rounding"`
	Out        Out           `key:"out" doc:"where results go"`
}

// Train says how long a run lasts and when it is looked at.
type Train struct {
	Batch             int       `key:"batch" doc:"presentations per step" in:"[1,1000000]"`
	Sampling          string    `key:"sampling" doc:"order of presentation; an epoch is always as many presentations as there are examples" oneof:"shuffle|replacement|sequential"`
	Epochs            int       `key:"epochs" doc:"largest number of epochs; 0: no limit" in:"[0,1000000000]"`
	MaxSteps          int       `key:"max_steps" doc:"largest number of steps; 0: no limit" in:"[0,inf)"`
	MaxPresentations  int       `key:"max_presentations" doc:"largest number of presentations; the step that reaches it makes no more than these; 0: no limit" in:"[0,inf)" identity:"nonzero"`
	EvalEvery         int       `key:"eval_every" doc:"steps between evaluations on the test set, and on what data.validation holds out; 0: every epoch" in:"[0,inf)"`
	EvalPresentations int       `key:"eval_presentations" doc:"presentations between evaluations, each after the step that reaches a multiple of it; 0: eval_every says" in:"[0,inf)" identity:"nonzero"`
	Chains            int       `key:"chains" doc:"of a Boltzmann machine: chains that it samples; 0: as many as presentations of a step" in:"[0,1000000]" identity:"nonzero"`
	Gibbs             int       `key:"gibbs" doc:"of a Boltzmann machine: sweeps of Gibbs sampling of each chain in a step; 0: one" in:"[0,1000000]" identity:"nonzero"`
	LogEvery          int       `key:"log_every" doc:"steps between lines of steps.jsonl; 0: none" in:"[0,inf)"`
	Goals             []float64 `key:"goals" doc:"accuracies whose first crossing is reported: on what data.validation holds out, or else on the test set" in:"(0,1]"`
	StopAt            float64   `key:"stop_at" doc:"accuracy at which to stop, of the same set as goals; 0: never" in:"[0,1]"`
	Crossing          string    `key:"crossing" doc:"when goals and stop_at are reached; first: at the first evaluation at or above them; sustained: at the first where the mean of the last evaluations is" oneof:"first|sustained" identity:"nonzero"`
	Sustain           int       `key:"sustain" doc:"evaluations that the mean of crossing sustained is over; 0: five" in:"[0,1000000]" identity:"nonzero"`
}

// Out says where a run's results go.
type Out struct {
	Dir string `key:"dir" text:"path" doc:"run directory; empty: runs/NAME-HASH"`
}

// Saving says when a run saves the state from which it can go on. It changes no result,
// and is not part of a run's identity.
type Saving struct {
	EverySeconds float64 `key:"every_s" doc:"seconds between two; more if saving takes over 1 % of them; 0: none by time" in:"[0,1e9]"`
	EverySteps   int     `key:"every_steps" doc:"steps between two; 0: none by steps" in:"[0,inf)"`
	Keep         int     `key:"keep" doc:"how many stay, the newest" in:"[1,1000]"`
}

// Default is the config of an empty file.
func Default() Config {
	data, _ := datasets.Kinds.New("mnist")
	model, _ := graph.Kinds.New("mlp")
	return Config{
		Name: "mnist", Data: data, Model: model, Rule: rules.Default(),
		Train:      Train{Batch: 32, Sampling: "shuffle", Epochs: 5, Goals: []float64{0.9, 0.93, 0.95, 0.97}, Crossing: "first"},
		Saving:     Saving{EverySeconds: 60, Keep: 2},
		Energy:     energy.Spec{Prices: []string{"horowitz45nm"}, Meter: "auto", Temperature: 300},
		Likelihood: Likelihood{Method: "auto", Betas: 1000, Chains: 100},
		Free:       FreeEnergy{Neighbours: 50, Gradients: 200},
		Engine:     engine.Spec{Device: "cpu", BLAS: "auto"},
	}
}

// Validate implements schema's check of fields against each other.
func (t *Train) Validate() error {
	if t.Epochs == 0 && t.MaxSteps == 0 && t.MaxPresentations == 0 {
		return schema.Fieldf("epochs", "0, max_steps 0 and max_presentations 0 leave the run without an end")
	}
	if t.EvalEvery > 0 && t.EvalPresentations > 0 {
		return schema.Fieldf("eval_presentations", "%d, and eval_every is %d: one of them is the interval, set the other to 0", t.EvalPresentations, t.EvalEvery)
	}
	if t.Sustain > 0 && !t.Sustained() {
		return schema.Fieldf("sustain", "%d evaluations, and crossing first looks at one; set crossing to sustained, or sustain to 0", t.Sustain)
	}
	return nil
}

// Validate implements schema's check of fields against each other.
func (c *Config) Validate() error {
	unprintable := strings.ContainsFunc(c.Name, func(r rune) bool { return !unicode.IsPrint(r) })
	if c.Name == "" || unprintable || filepath.Base(c.Name) != c.Name || c.Name == "." || c.Name == ".." {
		return schema.Fieldf("name", "%q cannot be part of a directory's name", c.Name)
	}
	return nil
}

// GoalsOn names the set whose accuracy goals, stop_at and searches look at: validation,
// if examples are held out for it, or test.
func (c *Config) GoalsOn() string {
	if c.Data.HeldOut() > 0 {
		return "validation"
	}
	return "test"
}

// YAML returns the resolved config, which loads back as the same; with
// comments, every key says what it means and what it accepts.
func (c *Config) YAML(comments bool) ([]byte, error) { return schema.Encode(c, comments) }

// Hash identifies what is computed: the resolved config without out and checkpoint. A key that
// is added with the tag identity:"nonzero" leaves the hashes of all configs that
// do not set it as they were, and so the names of their directories.
func (c *Config) Hash() (string, error) {
	bare := *c
	bare.Out, bare.Saving, bare.Free = Out{}, Saving{}, c.Free.measured()
	bare.Likelihood = c.Likelihood.of(c.Model)
	text, err := schema.Identity(&bare)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256(text)
	return hex.EncodeToString(digest[:5]), nil
}

// Dir returns the run's directory: out.dir, or runs/NAME-HASH.
func (c *Config) Dir() (string, error) {
	if c.Out.Dir != "" {
		return c.Out.Dir, nil
	}
	hash, err := c.Hash()
	return filepath.Join("runs", c.Name+"-"+hash), err
}
