package train

import "testing"

// A step's sampling is chains × sweeps, each there and back: 2·V·H MACs of a chain, and for all of them
// together each weight twice and each bias once. MACs of zeros and ones are additions: of hidden
// units 0 or 1, of such visible ones, and of presentations where cd begins at these.
func TestSamplingIsCounted(t *testing.T) {
	const H, steps, gibbs = 5, 4, 3
	for settings, want := range map[string]struct {
		chains    int
		additions float64 // share of the MACs
		binary    bool    // whether the passes' first layer adds, too
	}{
		"train.chains=10":                         {10, 1, true},
		"train.chains=10; model.units=relu":       {10, 0.5, true},
		"train.chains=10; model.visible=gaussian": {10, 0.5, false},
		"train.chains=10; model.units=relu; model.visible=gaussian; likelihood.method=none": {10, 0, false},
		"model.negative=rdm": {14, 1, true},
		"model.negative=cd":  {14, 1, true},
		"model.negative=cd; data={name: mnist, train: 14, test: 5, transform: unit}": {14, 1 - 0.5/gibbs, false},
		"train.chains=10; data={name: mnist, train: 14, test: 5, transform: unit}":   {10, 1, false},
	} {
		t.Run(settings, func(t *testing.T) {
			c := load(t, "{}", machineConfig("{kind: rbm, hidden: 5}", "train.gibbs=3; train.epochs=4; "+settings)...)
			r := begin(t, c)
			if _, err := r.Train(t.Context()); err != nil {
				t.Fatal(err)
			}
			visible := int64(r.Model.InputWidth())
			got, sweeps := r.Ledger.Total().Sampling, int64(want.chains*gibbs*steps)
			if macs := 2 * sweeps * visible * H; got.Sweeps != sweeps || got.MACs != macs || float64(got.Additions) != want.additions*float64(macs) {
				t.Errorf("%+v, want %d sweeps, %d MACs, of which %v are additions", got, sweeps, macs, want.additions)
			}
			if reads := steps * gibbs * (2*visible*H + visible + H); got.WeightReads != reads {
				t.Errorf("%d weight reads, want %d", got.WeightReads, reads)
			}
			if r.Ledger.BinaryInput != want.binary {
				t.Errorf("binary inputs: %v", r.Ledger.BinaryInput)
			}
		})
	}
}
