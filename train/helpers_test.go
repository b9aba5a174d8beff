package train

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"ergon/configs"
	"ergon/train/rundir"
	"ergon/train/rundir/rundirtest"
)

// tiny is a task that takes milliseconds: three clusters in 20 dimensions, a net
// of three layers, batches that do not divide the data.
const tiny = `
name: tiny
data: {name: mixture, clusters: 3, inputs: 20, train: 103, test: 50}
model: {hidden: [12, 9]}
train: {batch: 8, epochs: 4, goals: [0.2, 0.5]}
rule: {mask: [{kind: bernoulli, p: 0.5}]}
engine: {blas: gonum, threads: 1}
`

// tinyConvNet is a model that sees those dimensions as images of 4×5 pixels. Its
// convolutions have 5×6 and 3×4 positions, of which pooling leaves out a row.
const tinyConvNet = "{kind: convnet, height: 4, width: 5, channels: [3, 4], kernel: 2, padding: 1, pool: 2, hidden: [6]}"

// load makes a config from YAML and overrides.
func load(t testing.TB, text string, overrides ...string) *configs.Config {
	t.Helper()
	file := t.TempDir() + "/config.yaml"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := configs.Load(file, overrides)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// begin builds a run that the test closes. When the test has ended, whatever was done with the
// run must have kept the speed limit.
func begin(t testing.TB, c *configs.Config) *Run {
	t.Helper()
	r := unwatched(t, c)
	t.Cleanup(func() {
		var reached rundir.Rungs
		reached.SpeedEfficiency, reached.NoSpeedEfficiency = speedEfficiency(r, r.Displacement2())
		if err := rundirtest.KeepsSpeedLimit(&reached); err != nil {
			t.Errorf("run %s after %d steps: %v", c.Name, r.Steps, err)
		}
	})
	return r
}

// unwatched is begin for tests that change weights by hand, which no work accounts for.
func unwatched(t testing.TB, c *configs.Config) *Run {
	t.Helper()
	r, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// record trains a run and returns its summary and its metrics as JSON lines
// without the wall times, which are all that may differ between equal runs.
func record(t testing.TB, c *configs.Config) (*rundir.Summary, string) {
	t.Helper()
	lines := &metricsLines{}
	s, err := begin(t, c).Train(context.Background(), lines)
	if err != nil {
		t.Fatal(err)
	}
	if err := rundirtest.KeepsSpeedLimit(&s.Rungs); err != nil {
		t.Error(err)
	}
	return s, lines.String()
}

type metricsLines struct {
	NopHook
	strings.Builder
}

// Evaluate implements Hook.
func (l *metricsLines) Evaluate(_ *Run, m *rundir.Metrics) error {
	timeless := *m
	timeless.Wall = 0
	line, err := json.Marshal(timeless)
	l.Write(line)
	l.WriteString("\n")
	return err
}

// preset loads a preset with overrides.
func preset(t testing.TB, name string, overrides ...string) *configs.Config {
	t.Helper()
	c, err := configs.Load(name, overrides)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
