package train

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"ergon/train/rundir"
)

// What the chains dissipate is known where ΔF is: by the likelihood or by witnesses, and not by their own
// work, which knows the updates.
func TestWorkOnChainsDoesNotTellDeltaF(t *testing.T) {
	const unknown = "train.chains=20; likelihood.along=false; likelihood.method=none; likelihood.witnesses="
	if w := trained(t, machineConfig("{kind: rbm, hidden: 4}", unknown+"0")).Work; w.Mean == 0 || w.DeltaF != nil || w.Dissipated != nil || w.By != "" {
		t.Errorf("without witnesses %+v", w)
	}
	w := trained(t, machineConfig("{kind: rbm, hidden: 4}", unknown+"30")).Work
	if w.By != "jarzynski" || *w.DeltaF != *w.Witnesses.DeltaF || *w.Dissipated != w.Mean-*w.DeltaF {
		t.Errorf("with witnesses %+v", w)
	}
	w = trained(t, machineConfig("{kind: rbm, hidden: 4}", "train.chains=20; likelihood.witnesses=30")).Work
	if w.By != "exact" || *w.Error != 0 || w.Witnesses.By != "jarzynski" {
		t.Errorf("with a likelihood %+v", w)
	}
}

// Machines that diverge, at an evaluation or between, by a loss, a free energy or the work on a
// chain, are said to have done so, and leave a summary: JSON has no infinities.
func TestDivergedMachinesLeaveASummary(t *testing.T) {
	for _, rate := range []string{"3e37", "1e38", "3e38"} {
		for _, every := range []int{1, 7} {
			for _, witnesses := range []int{0, 10} {
				name := fmt.Sprintf("rate %s, %d witnesses, evaluated every %d", rate, witnesses, every)
				t.Run(name, func(t *testing.T) { divergesInOrder(t, rate, every, witnesses) })
			}
		}
	}
}

func divergesInOrder(t *testing.T, rate string, every, witnesses int) {
	t.Helper()
	d, err := rundir.Open(filepath.Join(t.TempDir(), "run"), false)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	settings := fmt.Sprintf("train.chains=30; train.gibbs=2; checkpoint.every_steps=1; rule.optimizer={kind: sgd, lr: %s}; train.eval_every=%d; likelihood.witnesses=%d", rate, every, witnesses)
	c := load(t, "{}", machineConfig("{kind: rbm, hidden: 16, init: {kind: normal, std: 0.1}}", settings)...)
	s, err := unwatched(t, c).Train(context.Background(), NewRecorder(d))
	if err != nil || s.Status != rundir.StatusDiverged {
		t.Fatalf("%s after %d steps, %v", s.Status, s.Steps, err)
	}
	if _, err := d.Summary(); err != nil {
		t.Error(err)
	}
}
