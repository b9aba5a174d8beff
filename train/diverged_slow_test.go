//go:build slow

package train

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"

	"ergon/internal/finite"
	"ergon/internal/state"
	"ergon/train/rundir"
)

// poison is a hook that puts a number that is none into the run once the state of a step is
// saved, as a bit that flips in memory could.
type poison struct {
	NopHook
	after int // this step
	in    func(*Run) *float32
	as    float64
}

// Save implements Hook.
func (p poison) Save(r *Run, saved *Saved) error {
	if saved.Step == p.after {
		*p.in(r) = float32(p.as)
	}
	return nil
}

// NaN and infinities in weights and biases, at any step, end the run at the next step; so do
// learning rates by which it diverges, at the step at which it does. The last state is that of
// the step before, and all of it is finite.
func TestDivergedRunsKeepLastGoodState(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	weight := func(r *Run) *float32 { w := r.Model.Layers()[1].W; return &w[random.IntN(len(w))] }
	bias := func(r *Run) *float32 { b := r.Model.Layers()[0].B; return &b[random.IntN(len(b))] }
	for range 25 {
		for _, as := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			for where, in := range map[string]func(*Run) *float32{"weight": weight, "bias": bias} {
				after := 1 + random.IntN(50)
				t.Run(fmt.Sprintf("%s %v after step %d", where, as, after), func(t *testing.T) {
					if at := diverges(t, "0.1", poison{after: after, in: in, as: as}); at != after+1 {
						t.Errorf("noticed at step %d", at)
					}
				})
			}
		}
	}
	seen := map[int]bool{}
	for _, rate := range []string{"1e3", "1e4", "1e5", "1e7", "1e10", "1e20", "1e30", "1e38"} {
		t.Run("lr "+rate, func(t *testing.T) { seen[diverges(t, rate, NopHook{})] = true })
	}
	t.Logf("learning rates diverged at the steps %v", seen)
}

// diverges trains a run that does, checks what is left, and returns the step.
func diverges(t *testing.T, rate string, hook Hook) int {
	t.Helper()
	d, err := rundir.Open(filepath.Join(t.TempDir(), "run"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	c := load(t, tiny, "checkpoint.every_steps=1", "train.log_every=1", "model.activation=relu", "rule.optimizer.lr="+rate)
	s, err := begin(t, c).Train(context.Background(), NewRecorder(d), hook)
	if err != nil || s.Status != rundir.StatusDiverged {
		t.Fatalf("%s after %d steps, %v", s.Status, s.Steps, err)
	}
	saved, notes, err := latest(d, 2)
	if err != nil || len(notes) > 0 {
		t.Fatalf("%v, %q", err, notes)
	}
	if saved == nil {
		if s.Diverged.Step != 1 {
			t.Errorf("diverged at step %d, and there is no state", s.Diverged.Step)
		}
		return s.Diverged.Step
	}
	if saved.Step != s.Diverged.Step-1 {
		t.Errorf("diverged at step %d, and the newest state is of %d", s.Diverged.Step, saved.Step)
	}
	if name := notFinite(saved.State); name != "" {
		t.Errorf("the state of step %d has numbers in %s that are not finite", saved.Step, name)
	}
	return s.Diverged.Step
}

// notFinite names an array of a state that has NaN or infinities, "" if none does.
func notFinite(s *state.Snapshot) string {
	for name, x := range s.Float32s {
		if !finite.All(x) {
			return name
		}
	}
	for name, x := range s.Float64s {
		if slices.ContainsFunc(x, func(v float64) bool { return !finite.Is(v) }) {
			return name
		}
	}
	return ""
}
