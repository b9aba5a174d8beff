package descent

import (
	"context"
	"math"
	"testing"
)

// followed lets a rule follow the whole run.
func followed(t *testing.T, r *Run, settings string) (followed, plain Sums) {
	t.Helper()
	f, err := r.Follow([]Rule{ruleOf(t, r, settings)}, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Advance(context.Background(), r.Steps, func() {}); err != nil {
		t.Fatal(err)
	}
	all, of := f.Sums(0)
	for l := range all {
		followed.Add(all[l])
		plain.Add(of[l])
	}
	return followed, plain
}

// An accumulator that writes every multiple of a tiny step writes what the run does; one of a step
// that nothing reaches writes nothing.
func TestFollow(t *testing.T) {
	directory := trained(t)
	got, plain := followed(t, opened(t, directory), "cache={kind: mixed_precision, epsilon: 1e-7}")
	if math.Abs(got.Descent/plain.Descent-1) > 1e-3 {
		t.Errorf("it wrote %g of the displacement, want all", got.Descent/plain.Descent)
	}
	got, plain = followed(t, opened(t, directory), "cache={kind: mixed_precision, epsilon: 0.01}")
	if a := got.Descent / plain.Descent; !(a > 0.3 && a < 1.1) || !(got.M0 > 0 && got.M0 < 0.3*plain.M0) {
		t.Errorf("it wrote %g of the displacement with %g of %g changes", a, got.M0, plain.M0)
	}
	got, _ = followed(t, opened(t, directory), "cache={kind: mixed_precision, epsilon: 1000}")
	if got != (Sums{}) {
		t.Errorf("it wrote %+v, want nothing", got)
	}
}
