package train

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"

	"ergon/configs"
	"ergon/graph"
	"ergon/internal/entropy"
	"ergon/internal/gpu/testdevice"
	"ergon/train/rundir"
)

// measured are settings that measure U and S of the tiny task, in a window now and then.
var measured = []string{"free_energy={window: 6, neighbours: 3, per_decade: 4, gradients: 5}", "rule.optimizer={kind: sgd, lr: 0.05}"}

// watcher keeps the weights after each step, and the losses.
type watcher struct {
	NopHook
	weights [][]float32
	losses  []float64
}

// Step implements Hook.
func (w *watcher) Step(r *Run) error {
	w.weights = append(w.weights, slices.Concat(learnedArrays(r.Model)...))
	w.losses = append(w.losses, r.Loss)
	return nil
}

// Windows hold what the run went through: mean loss and entropy are those of its losses and
// weights, and looking at them changes nothing of the run.
func TestFreeEnergyIsThatOfTheSteps(t *testing.T) {
	for model, free := range map[string]int{ // and how many numbers their weights lack of being free
		tinyNormalized + "; rule.project=sphere":         1,
		tinyNormalized + "; rule.project=layers":         2,
		tinyNormalized:                                   0,
		"{kind: mlp, hidden: [12, 9]}; rule.gate=lazy":   0,
		"{kind: mlp, hidden: [12]}; rule.optimizer=adam": 0,
	} {
		settings := append(slices.Clone(measured), strings.Split("model="+model, "; ")...)
		seen := new(watcher)
		s, err := begin(t, load(t, tiny, settings...)).Train(context.Background(), seen)
		if err != nil {
			t.Fatal(err)
		}
		if s.FreeEnergy == nil || s.NoFreeEnergy != "" || s.FreeEnergy.Dimension != s.Parameters-free {
			t.Fatalf("%s: %+v, %q, of %d weights", model, s.FreeEnergy, s.NoFreeEnergy, s.Parameters)
		}
		var ends []int
		for _, w := range s.FreeEnergy.Windows {
			ends = append(ends, w.Step)
			sameWindow(t, model, seen, s.FreeEnergy, &w, 1)
		}
		if want := []int{6, 19, 34, 52}; !slices.Equal(ends, want) { // 6·10^{j/4}: 6, 10.7, 19, 33.7; 52 steps
			t.Errorf("%s: windows end at %v, want %v", model, ends, want)
		}
		without, _ := record(t, load(t, tiny, append(settings, "free_energy.window=0")...))
		if without.FreeEnergy != nil || *without.TrainLoss != *s.TrainLoss || !reflect.DeepEqual(without.Energy.Totals, s.Energy.Totals) {
			t.Errorf("%s: a run that is not measured ends otherwise", model)
		}
	}
}

// A window may keep the weights after every third step only; U is that of all its steps.
func TestFreeEnergySkipsSteps(t *testing.T) {
	seen := new(watcher)
	s, err := begin(t, load(t, tiny, append(slices.Clone(measured), "free_energy.skip=2")...)).Train(context.Background(), seen)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(s.FreeEnergy.Windows); n != 2 || s.FreeEnergy.Windows[0].Step != 18 || s.FreeEnergy.Windows[1].Step != 52 {
		t.Fatalf("windows %+v, want those that end at 18 and 52", s.FreeEnergy.Windows)
	}
	for _, w := range s.FreeEnergy.Windows {
		sameWindow(t, "skip", seen, s.FreeEnergy, &w, 3)
	}
}

// sameWindow compares a window with the 6 weights seen, so many steps apart, up to its end.
func sameWindow(t *testing.T, model string, seen *watcher, f *rundir.FreeEnergy, w *rundir.FreeEnergyWindow, apart int) {
	t.Helper()
	window, first := entropy.NewWindow(6, len(seen.weights[0])), w.Step-6*apart
	for i := range 6 {
		if err := window.Add(seen.weights[first+(i+1)*apart-1]); err != nil {
			t.Fatal(err)
		}
	}
	nearest, err := entropy.Nearest(context.Background(), window, 3)
	if err != nil {
		t.Fatal(err)
	}
	if want := stat.Mean(seen.losses[first:w.Step], nil); w.Energy != want || w.Steps != 6*apart || w.Weights != 6 {
		t.Errorf("%s: U after step %d is %v, and the mean loss %v", model, w.Step, w.Energy, want)
	}
	if want := nearest.CostaHero(3, f.Dimension); math.IsInf(want, 0) || w.Entropy == nil || *w.Entropy != want {
		t.Errorf("%s: S after step %d is %v, of its weights %v", model, w.Step, w.Entropy, want)
	}
}

// Batches of B independent presentations have a B-th of the noise of one, and kT* of the batch
// is that of the bounds. Many presentations are drawn of all there are.
func TestNoiseOfBatches(t *testing.T) {
	still := []string{"rule.optimizer={kind: sgd, lr: 1.0e-9}", "free_energy={window: 13, neighbours: 3, gradients: 4000}", "train.max_steps=26", "train.eval_every=13"}
	single := begin(t, load(t, tiny, append(still, "train.batch=8")...))
	s, err := single.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	w := s.FreeEnergy.Windows[0]
	// All gradients of single presentations, by batches of two: tr Σ of a batch of 2 is half of it.
	pairs := begin(t, load(t, tiny, append(still, "train.batch=2")...))
	s2, err := pairs.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	two := s2.FreeEnergy.Windows[0]
	if ratio := *two.Noise2 / *w.Noise2; math.Abs(ratio-4) > 0.25 {
		t.Errorf("noise of batches of 2 is %v times that of 8, want 4", ratio)
	}
	if ratio := *two.Signal2 / *w.Signal2; math.Abs(ratio-1) > 0.1 {
		t.Errorf("signals differ by %v", ratio)
	}
	if want := 1e-9 * *w.Noise2 / (2 * float64(s.FreeEnergy.Dimension)); math.Abs(*w.Threshold-want) > 1e-12*want {
		t.Errorf("kT* = %v, want %v", *w.Threshold, want)
	}
	if want := math.Sqrt(*w.Signal2 / *w.Noise2); *w.SNR != want {
		t.Errorf("SNR %v, want %v", *w.SNR, want)
	}
}

// Signal and noise are those of all presentations, one by one: |ḡ|² of their mean gradient and the B-th part
// of their variance, on average over measurements of two batches, which correct most. Batches do not divide the
// data, and a measurement may begin anywhere in an epoch, as after a state is restored.
func TestNoiseIsThatOfAllPresentations(t *testing.T) {
	for name, rule := range map[string]string{"plain": "rule.gate=none", "gated": "rule.gate=lazy"} {
		r := begin(t, load(t, tiny, "free_energy={window: 13, neighbours: 3, gradients: 2}", rule))
		signal, noise := momentsOfAll(t, r)
		var signals, noises []float64
		for range 2000 {
			if len(signals) < 2*r.sampler.StepsPerEpoch() {
				r.free.program = nil
			}
			var w rundir.FreeEnergyWindow
			if err := r.free.gradients(context.Background(), r, &w); err != nil {
				t.Fatal(err)
			}
			signals, noises = append(signals, *w.Signal2), append(noises, *w.Noise2)
			r.free.windows = append(r.free.windows, w)
		}
		for what, c := range map[string]struct {
			measured []float64
			exact    float64
		}{"|ḡ|²": {signals, signal}, "tr Σ": {noises, noise / 8}} {
			mean, deviation := stat.MeanStdDev(c.measured, nil)
			if off := math.Abs(mean-c.exact) / (deviation / math.Sqrt(2000)); off > 4 || math.Abs(mean-c.exact) > 0.1*c.exact {
				t.Errorf("%s: %s is %v, of all presentations %v: %.1f standard errors", name, what, mean, c.exact, off)
			}
		}
	}
}

// momentsOfAll returns |ḡ|² of the mean gradient of all training examples, and the mean squared distance
// of theirs from it.
func momentsOfAll(t *testing.T, r *Run) (signal, noise float64) {
	t.Helper()
	p, err := graph.CompileTraining(r.Model, r.Engine, 1, r.backward())
	if err != nil {
		t.Fatal(err)
	}
	n := r.Data.Train.Len()
	mean, squares := make([]float64, len(r.free.joined)), 0.0
	for i := range n {
		r.Data.Train.Gather([]int32{int32(i)}, p.X, r.Model.InputWidth(), p.Target)
		if err := p.Run(); err != nil {
			t.Fatal(err)
		}
		if p.Open() == 0 {
			continue // the gradient is 0
		}
		c := 0
		for _, parameter := range p.Parameters() {
			gradient, err := parameter.Grad()
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range gradient.Data().([]float32) {
				mean[c] += float64(g) / float64(n)
				squares += float64(g) * float64(g) / float64(n)
				c++
			}
		}
	}
	for _, g := range mean {
		signal += g * g
	}
	return signal, squares - signal
}

// A window that a signal stops stays full, and a run that ends early says that the last is missing.
func TestWindowsThatAreMissing(t *testing.T) {
	c := load(t, tiny, measured...)
	stopped, stop := context.WithCancel(context.Background())
	r := begin(t, c)
	s, err := r.Train(stopped, &stopper{at: 6, stop: stop})
	if err != nil || s.Status != rundir.StatusInterrupted || !r.free.due() || len(s.FreeEnergy.Windows) != 0 {
		t.Errorf("stopped at the end of a window: %v, %s, due %v, %+v", err, s.Status, r.free.due(), s.FreeEnergy)
	}
	if want := "the run ended after step 6, and its last window ends with step 52"; s.NoFreeEnergy != want {
		t.Errorf("reason %q, want %q", s.NoFreeEnergy, want)
	}
}

// A window that cannot be estimated when a run goes on fails that run, whose summary is whole.
func TestWindowsThatCannotBeEstimated(t *testing.T) {
	stopped, stop := context.WithCancel(context.Background())
	r := begin(t, load(t, tiny, measured...))
	if _, err := r.Train(stopped, &stopper{at: 6, stop: stop}); err != nil {
		t.Fatal(err)
	}
	r.free.joined[0] = float32(math.NaN())
	if err := r.free.weights.Add(r.free.joined); err != nil {
		t.Fatal(err)
	}
	s, err := r.Train(context.Background())
	if err == nil || !strings.Contains(err.Error(), "holds NaN or infinite numbers") || s.Status != rundir.StatusFailed || s.Steps != 6 || s.Parameters == 0 {
		t.Errorf("error %v, %s after %d steps, %d parameters", err, s.Status, s.Steps, s.Parameters)
	}
}

// stopper ends a context after a step.
type stopper struct {
	NopHook
	at   int
	stop func()
}

// Step implements Hook.
func (s *stopper) Step(r *Run) error {
	if r.Steps == s.at {
		s.stop()
	}
	return nil
}

// Windows of a run that only a goal ends, at any number of steps, can be listed.
func TestWindowsOfEndlessRuns(t *testing.T) {
	ends := windowEnds(configs.FreeEnergy{Window: 10, PerDecade: 1}, math.MaxInt64)
	if len(ends) != 19 || ends[17] != 1e18 || ends[18] != math.MaxInt64 { // 10, 100, … 10^18
		t.Errorf("windows end at %v", ends)
	}
}

// What a run cannot measure is an error that says so.
func TestFreeEnergyIsRefused(t *testing.T) {
	for want, settings := range map[string]string{
		"free_energy.window: 60 steps, and the run makes 52":                        "free_energy.window=60",
		"free_energy.window: 54 steps, and the run makes 52":                        "free_energy={window: 6, neighbours: 3, skip: 8}",
		"take a smaller window":                                                     "free_energy.window=1000000; train.epochs=100000; model.hidden=[1000]",
		"1000000 times 63 weights, and their distances, take 4.01e+03 GB of memory": "free_energy.window=1000000; train.epochs=100000; model.hidden=[]",
	} {
		if _, err := New(load(t, tiny, strings.Split(settings, "; ")...)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", settings, err, want)
		}
	}
	for want, setting := range map[string]string{
		"neighbours: 50 of each of window = 50 weights": "free_energy.window=50",
		"gradients: 1, and one gradient has no noise":   "free_energy.gradients=1",
	} {
		if _, err := configs.Load("mnist", []string{setting}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", setting, err, want)
		}
	}
}

// A GPU does not hand out the weights that a window is of.
func TestFreeEnergyIsRefusedOnADevice(t *testing.T) {
	testdevice.Use(t)
	_, err := New(load(t, tiny, append(measured, "engine.device=gpu", "model.hidden=[12]")...))
	if want := "free_energy.window: 6, and a GPU does not hand out the weights after each step; set engine.device=cpu, or window 0"; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

// A run that measures nothing is the run that it was before it could, whatever the other
// settings say.
func TestFreeEnergyOfNothingIsNoSetting(t *testing.T) {
	hash := func(settings ...string) string {
		h, err := load(t, tiny, settings...).Hash()
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	if hash() != hash("free_energy.neighbours=7", "free_energy.gradients=0") || hash() == hash("free_energy.window=60") {
		t.Error("settings of what is not measured change the run's identity, or those of what is measured do not")
	}
}
