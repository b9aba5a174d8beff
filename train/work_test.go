package train

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// lifted is a quasi-static network on the tiny task, presented whole at each step.
const lifted = `
name: lifted
data: {name: mixture, clusters: 3, inputs: 20, train: 60, test: 20}
model: {kind: quasistatic, hidden: [12, 9], kappa_output: 0.1}
train: {batch: 60, epochs: 40, goals: [0.2]}
rule: {optimizer: {kind: sgd, lr: 0.5}}
engine: {blas: gonum, threads: 1}
`

// Descent in small steps dissipates as much as the energy falls; halving the steps halves
// the difference.
func TestWorkIsTheEnergyLost(t *testing.T) {
	var gaps []float64
	for _, lr := range []string{"0.02", "0.01"} {
		r := begin(t, load(t, lifted, "rule.optimizer.lr="+lr))
		var first float64
		for range 40 {
			if err := r.Step(); err != nil {
				t.Fatal(err)
			}
			if r.Steps == 1 {
				first = r.Loss
			}
		}
		work := *r.work.Report(r.OpenSteps).Dissipated
		if err := r.Step(); err != nil { // whose loss is that of the weights after 40 steps
			t.Fatal(err)
		}
		lost := first - r.Loss
		t.Logf("lr %s: energy fell by %v, work %v", lr, lost, work)
		gaps = append(gaps, (work-lost)/lost)
	}
	if gaps[0] > 0.2 || gaps[0] < 0 {
		t.Errorf("work exceeds the energy lost by %v of it, want little", gaps[0])
	}
	if ratio := gaps[0] / gaps[1]; math.Abs(ratio-2) > 0.3 {
		t.Errorf("the difference falls %v-fold as steps are halved, want 2", ratio)
	}
}

// Work equals -Δw·g recounted from the weights, which a mask and a clip have moved, on any
// number of cores, up to the rounding of Δw into them: half of the last of 24 bits.
func TestWorkOfMaskedSynapses(t *testing.T) {
	for _, threads := range []string{"engine.threads=1", "engine.threads=3"} {
		r := begin(t, load(t, tiny, "rule.optimizer={kind: langevin, lr: 0.2, temperature: 1e-6}", "rule.clip={kind: value, bound: 0.001}", threads))
		want, rounding := 0.0, 0.0
		for range 20 {
			before := snapshot(r.Model)
			if err := r.Step(); err != nil {
				t.Fatal(err)
			}
			for a, parameter := range r.programs[r.lastBatch].Parameters() {
				g, err := parameter.Grad()
				if err != nil {
					t.Fatal(err)
				}
				for i, w := range before[a] {
					g := float64(g.Data().([]float32)[i])
					want -= (float64(r.weights[a][i]) - float64(w)) * g
					rounding += 0x1p-24 * math.Abs(float64(r.weights[a][i])*g)
				}
			}
		}
		if got := *r.work.Report(r.OpenSteps).Dissipated; math.Abs(got-want) > rounding || r.work.Report(r.OpenSteps).TauRatio != 20 {
			t.Errorf("work %v in %d steps, a recount gives %v", got, r.work.Report(r.OpenSteps).TauRatio, want)
		}
	}
}

// Noise far below the threshold temperature leaves the work as it is without noise.
func TestNoiseDoesNoWork(t *testing.T) {
	cold, _ := record(t, load(t, tiny, "rule.optimizer=langevin"))
	warm, _ := record(t, load(t, tiny, "rule.optimizer={kind: langevin, temperature: 1e-9}"))
	if a, b := *cold.Energy.Work.Dissipated, *warm.Energy.Work.Dissipated; math.Abs(a-b) > 0.01*a {
		t.Errorf("work %v at kT = 1e-9, %v at 0", b, a)
	}
}

// Work is reported at each evaluation and goal, and relaxation at the end, where there
// are any.
func TestWorkIsReported(t *testing.T) {
	s, lines := record(t, load(t, lifted))
	if w := s.Energy.Work; w == nil || w.TauRatio != s.Steps || len(s.Crossings) == 0 || s.Crossings[0].Work == nil {
		t.Errorf("work %+v, crossings %+v", s.Energy.Work, s.Crossings)
	}
	if relaxed := s.Relaxation; relaxed == nil || relaxed.Iterations < 2 || relaxed.Stuck != 0 || relaxed.Residual > 1e-5 {
		t.Errorf("relaxation %+v", s.Relaxation)
	}
	if !strings.Contains(lines, `"work":{"dissipated":`) {
		t.Error("metrics.jsonl has no work")
	}
	plain, _ := record(t, load(t, tiny))
	text, err := json.Marshal(plain)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), `"relaxation"`) {
		t.Error("a run without relaxation reports it")
	}
}

// The gate judges the network's free answer, and a shut gate does no work.
func TestQuasiStaticBehindAGate(t *testing.T) {
	s, _ := record(t, load(t, lifted, "rule.gate=lazy", "rule.optimizer.lr=0.05", "train.batch=1", "train.epochs=3"))
	if s.Updates == 0 || s.Updates >= s.Steps || s.Energy.Work.TauRatio >= s.Steps {
		t.Errorf("%d updates in %d steps, work of %d", s.Updates, s.Steps, s.Energy.Work.TauRatio)
	}
}
