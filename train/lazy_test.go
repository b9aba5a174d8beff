package train

import (
	"math"
	"testing"

	"ergon/graph"
)

// lazily is the task for lazy learning, without a mask.
func lazily(t *testing.T, settings ...string) *Run {
	t.Helper()
	return begin(t, load(t, tiny, append([]string{"rule.mask=full", "rule.gate=lazy"}, settings...)...))
}

// A gate that never shuts equals no gate, to the last bit of weights and ledger.
func TestLazyAboveOneIsThePlainRun(t *testing.T) {
	for _, batch := range []string{"train.batch=1", "train.batch=8"} {
		for _, optimizer := range []string{"rule.optimizer=sgd", "rule.optimizer=adam"} {
			plain := begin(t, load(t, tiny, "rule.mask=full", batch, optimizer))
			gated := lazily(t, "rule.gate.threshold=1.1", batch, optimizer)
			for range 300 {
				advance(t, plain)
				advance(t, gated)
			}
			want, got := arrays(plain.Model), arrays(gated.Model)
			for a := range want {
				for i := range want[a] {
					if math.Float32bits(want[a][i]) != math.Float32bits(got[a][i]) {
						t.Fatalf("%s, %s: synapse %d of array %d is %v, without the gate %v", batch, optimizer, i, a, got[a][i], want[a][i])
					}
				}
			}
			if a, b := plain.Ledger.Total(), gated.Ledger.Total(); a != b {
				t.Errorf("%s, %s: account %+v, without the gate %+v", batch, optimizer, b, a)
			}
		}
	}
}

// Lazy learning with threshold 0 updates once for each error: every presentation is
// classified beforehand by a program without a gate.
func TestLazyUpdatesAsOftenAsItErrs(t *testing.T) {
	r := lazily(t, "train.batch=1")
	errors := 0
	for range 400 {
		example := int(r.sampler.Batch(uint64(r.Steps))[0])
		wrong := errs(t, r, example)
		if wrong {
			errors++
		}
		advance(t, r)
		if r.updated != wrong {
			t.Fatalf("step %d: misclassified %v, updated %v", r.Steps, wrong, r.updated)
		}
	}
	if r.Updates != errors || errors == 0 || errors == 400 {
		t.Errorf("%d updates of 400 presentations, of which %d were misclassified", r.Updates, errors)
	}
	layers := r.Model.Layers()
	backward := layers[0].In * layers[0].Out // dW alone; the layers above send an error down too
	for _, l := range layers[1:] {
		backward += 2 * l.In * l.Out
	}
	if got := r.Ledger.Total().MACsBackward; got != int64(errors*backward) {
		t.Errorf("%d MACs of backward passes, want %d for each of %d errors", got, backward, errors)
	}
}

// errs says whether the network misclassifies a training example now.
func errs(t *testing.T, r *Run, example int) bool {
	t.Helper()
	p, err := graph.Compile(r.Model, r.Engine, 1)
	if err != nil {
		t.Fatal(err)
	}
	r.Data.Train.Gather([]int32{int32(example)}, p.X, r.Model.InputWidth(), p.Target)
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	label, _ := r.Data.Train.Label(example)
	return argmax(p.Output()) != label
}

// In a batch the update is that of the misclassified presentations alone,
// divided by the size of the whole batch.
func TestLazyBatchLearnsFromItsErrors(t *testing.T) {
	r := lazily(t, "train.batch=8", "rule.optimizer.lr=0.2")
	mixed := 0
	for range 60 {
		batch := append([]int32(nil), r.sampler.Batch(uint64(r.Steps))...)
		var wrong []int32
		for _, i := range batch {
			if errs(t, r, int(i)) {
				wrong = append(wrong, i)
			}
		}
		want := snapshot(r.Model)
		if len(wrong) > 0 {
			descend(t, r, wrong, 0.2*float32(len(wrong))/float32(len(batch)), want)
		}
		advance(t, r)
		for a, w := range arrays(r.Model) {
			for i := range w {
				if math.Abs(float64(w[i]-want[a][i])) > 1e-6 {
					t.Fatalf("step %d, %d of %d wrong: synapse %d of array %d is %v, want %v", r.Steps, len(wrong), len(batch), i, a, w[i], want[a][i])
				}
			}
		}
		if len(wrong) > 0 && len(wrong) < len(batch) {
			mixed++
		}
	}
	if mixed < 10 {
		t.Errorf("only %d batches had both kinds of presentations", mixed)
	}
}

// descend subtracts rate times the mean gradient over some examples from the weights to.
func descend(t *testing.T, r *Run, examples []int32, rate float32, to [][]float32) {
	t.Helper()
	p, err := graph.CompileTraining(r.Model, r.Engine, len(examples), graph.Backward{})
	if err != nil {
		t.Fatal(err)
	}
	r.Data.Train.Gather(examples, p.X, r.Model.InputWidth(), p.Target)
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	for a, parameter := range p.Parameters() {
		g, err := parameter.Grad()
		if err != nil {
			t.Fatal(err)
		}
		for i, d := range g.Data().([]float32) {
			to[a][i] -= rate * d
		}
	}
}
