package sweep

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"ergon/train/rundir/rundirtest"
)

// small is a benchmark of a few milliseconds a run: two clusters in 20
// dimensions told apart by logistic regression.
const small = `# two rules on two clusters
name: small
base: mixture
set:
  data: {name: mixture, inputs: 20, delta: 0.3, train: 400, test: 200}
  train.batch: 10
  train.eval_every: 2
  engine.blas: gonum
rules:
  - {label: full, set: {rule.mask: full}}
  - {label: half, set: {rule.mask: {kind: bernoulli, p: 0.5}}}
seeds: 3
goals: [0.6, 0.7]
budget: 400
`

// parse reads a benchmark that is as it should be.
func parse(t *testing.T, text string) *Bench {
	t.Helper()
	b, err := Parse([]byte(text), "test.yaml", "test", false)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// planned resolves the cells of a benchmark.
func planned(t *testing.T, b *Bench, overrides ...string) []Cell {
	t.Helper()
	settings, err := Overrides(overrides)
	if err != nil {
		t.Fatal(err)
	}
	cells, err := b.Cells(settings)
	if err != nil {
		t.Fatal(err)
	}
	return cells
}

// ran runs cells in a folder.
func ran(t *testing.T, cells []Cell, out string) []Outcome {
	t.Helper()
	outcomes, err := Run(context.Background(), cells, Options{Out: out, Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i := range outcomes {
		if s := outcomes[i].Summary; s != nil {
			if err := rundirtest.KeepsSpeedLimit(&s.Rungs); err != nil {
				t.Errorf("%s: %v", outcomes[i].Directory, err)
			}
		}
	}
	return outcomes
}

// replaced is small with one text in place of another that it must hold.
func replaced(t *testing.T, old, by string) string {
	t.Helper()
	if !strings.Contains(small, old) {
		t.Fatalf("no %q in the benchmark", old)
	}
	return strings.Replace(small, old, by, 1)
}

// states lists how outcomes ended.
func states(outcomes []Outcome) (list []string) {
	for i := range outcomes {
		list = append(list, fmt.Sprint(outcomes[i].Label, " ", outcomes[i].Seed, " ", outcomes[i].Status()))
	}
	return list
}
