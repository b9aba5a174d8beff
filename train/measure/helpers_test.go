package measure_test

import (
	"os"
	"testing"

	"ergon/configs"
	"ergon/graph"
	"ergon/train"
)

// tiny is a task that takes milliseconds: three clusters in 20 dimensions, a net of
// three layers.
const tiny = `
name: tiny
data: {name: mixture, clusters: 3, inputs: 20, train: 103, test: 50}
model: {hidden: [12, 9]}
train: {batch: 8, epochs: 4}
rule: {mask: [{kind: bernoulli, p: 0.5}]}
engine: {blas: gonum, threads: 1}
`

// tinyConvNet is a model that sees those dimensions as images of 4×5 pixels. Its
// convolutions have 5×6 and 3×4 positions, of which pooling leaves out a row.
const tinyConvNet = "{kind: convnet, height: 4, width: 5, channels: [3, 4], kernel: 2, padding: 1, pool: 2, hidden: [6]}"

// trained is a network that has learned for three steps.
type trained struct {
	*train.Run
	backward graph.Backward // what its rule lets through of the backward pass
}

// begin makes tiny with overrides, and three steps.
func begin(t *testing.T, settings ...string) *trained {
	t.Helper()
	file := t.TempDir() + "/config.yaml"
	if err := os.WriteFile(file, []byte(tiny), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := configs.Load(file, settings)
	if err != nil {
		t.Fatal(err)
	}
	r := &trained{}
	if r.Run, err = train.New(c); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	for range 3 {
		if err := r.Step(); err != nil {
			t.Fatal(err)
		}
	}
	if gate := c.Rule.Gate; !gate.Always() {
		r.backward.Gate = gate
	}
	if e := c.Rule.Error; !e.KeepsAll() {
		r.backward.Filter = e
	}
	return r
}

// program compiles the training program of a batch size.
func (r *trained) program(t *testing.T, batch int) *graph.Program {
	t.Helper()
	p, err := graph.CompileTraining(r.Model, r.Engine, batch, r.backward)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// present runs a program on the first examples.
func (r *trained) present(t *testing.T, p *graph.Program) {
	t.Helper()
	examples := make([]int32, p.Batch)
	for i := range examples {
		examples[i] = int32(i)
	}
	r.Data.Train.Gather(examples, p.X, r.Model.InputWidth(), p.Target)
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
}
