package cumulants

import (
	"context"
	"testing"

	"ergon/configs"
	"ergon/train"
	"ergon/train/rundir"
)

// trained trains the small run of package theory's tests, with overrides, and
// returns its directory.
func trained(t *testing.T, overrides ...string) string {
	t.Helper()
	c, err := configs.Load("../testdata/pathintegral/config.yaml", overrides)
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
	r, err := Open(directory)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// measured returns what a plan gives at a step.
func measured(t *testing.T, r *Run, at int, plan Plan) []Window {
	t.Helper()
	if err := r.Advance(context.Background(), at, func() {}); err != nil {
		t.Fatal(err)
	}
	windows, err := r.Measure(context.Background(), plan, func() {})
	if err != nil {
		t.Fatal(err)
	}
	return windows
}
