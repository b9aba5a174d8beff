package descent

import (
	"context"
	"testing"

	"ergon/configs"
	"ergon/train"
	"ergon/train/rundir"
)

// trained trains the small plain run of package theory's tests, with overrides, and returns
// its directory.
func trained(t *testing.T, overrides ...string) string {
	t.Helper()
	c, err := configs.Load("../testdata/pathintegral/config.yaml", append([]string{"rule.mask=full", "train.batch=1"}, overrides...))
	if err != nil {
		t.Fatal(err)
	}
	r, err := train.New(c)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	directory, err := rundir.Open(t.TempDir()+"/run", false)
	if err != nil {
		t.Fatal(err)
	}
	defer directory.Close()
	if _, err := r.Train(context.Background(), train.NewRecorder(directory)); err != nil {
		t.Fatal(err)
	}
	return string(directory.Directory)
}

// opened opens a run that the test closes.
func opened(t *testing.T, directory string) *Run {
	t.Helper()
	r, err := Open(directory, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// ruleOf makes a rule, which must be right.
func ruleOf(t *testing.T, r *Run, settings ...string) Rule {
	t.Helper()
	rule, err := r.Rule("rule", settings)
	if err != nil {
		t.Fatal(err)
	}
	return rule
}

// measured tries rules at a step, and returns the sums of all chunks and layers, the plain rule first.
func measured(t *testing.T, r *Run, at int, plan Plan) []Sums {
	t.Helper()
	if err := r.Advance(context.Background(), at, func() {}); err != nil {
		t.Fatal(err)
	}
	all, err := r.Measure(context.Background(), plan, func() {})
	if err != nil {
		t.Fatal(err)
	}
	sums := make([]Sums, 1+len(plan.Rules))
	for _, c := range all {
		for i := range sums {
			sums[i].Add(c.Total(i))
		}
	}
	return sums
}
