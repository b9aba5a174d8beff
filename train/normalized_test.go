package train

import (
	"math"
	"strings"
	"testing"

	"ergon/internal/race"
)

// tinyNormalized is a scale-invariant network for the tiny task, images of 4×5.
const tinyNormalized = "{kind: convnet, height: 4, width: 5, channels: [3, 4], kernel: 3, padding: 1, pool: 1, strides: [1, 2], gather: average, norm: batch, last: {fixed: true, norm: 10}}"

// On a sphere every weight changes in each step, and counts are recounted from the weights:
// of update and projection together, and of the update alone. The fixed layer stays.
func TestProjectionIsCounted(t *testing.T) {
	for _, settings := range [][]string{
		{"rule.project=sphere"},
		{"rule.project={kind: layers, norm: 2}"},
		{"rule.project=sphere", "rule.mask={kind: bernoulli, p: 0.1}", "engine.threads=3"},
	} {
		r := begin(t, load(t, tiny, append([]string{"model=" + tinyNormalized, "rule.optimizer={kind: sgd, lr: 0.05}"}, settings...)...))
		norm, fixed := r.invariant.report(r).Norm, append([]float32(nil), r.Model.Layers()[2].W...)
		if want := map[bool]float64{true: 2, false: 1}[strings.Contains(settings[0], "layers")]; math.Abs(norm-want) > 1e-6 {
			t.Errorf("%v: weights begin with the length %v", settings, norm)
		}
		var m0 int64
		var m1 float64
		for range 30 {
			before := snapshot(r.Model)
			advance(t, r)
			for a, w := range arrays(r.Model) {
				for i, x := range w {
					if x != before[a][i] {
						m0++
						m1 += math.Abs(float64(x) - float64(before[a][i]))
					}
				}
			}
		}
		total, report := r.Ledger.Total(), r.invariant.report(r)
		if total.M0 != m0 || math.Abs(total.M1-m1) > 1e-9*m1 || m0 != 30*(27+108) {
			t.Errorf("%v: M0 %d and M1 %v, a recount gives %d and %v", settings, total.M0, total.M1, m0, m1)
		}
		if math.Abs(report.Norm-norm) > 1e-6 || math.Abs(*report.EffectiveRate-0.05/(norm*norm)) > 1e-6 {
			t.Errorf("%v: length %v, effective rate %v", settings, report.Norm, *report.EffectiveRate)
		}
		masked := strings.Contains(strings.Join(settings, " "), "bernoulli")
		if rule := report.Rule; rule.M0 == 0 || rule.M1 <= 0 || masked && rule.M0 > m0/5 {
			t.Errorf("%v: the update alone counts %+v", settings, rule)
		}
		for i, w := range r.Model.Layers()[2].W {
			if w != fixed[i] {
				t.Fatalf("%v: a fixed weight went from %v to %v", settings, fixed[i], w)
			}
		}
		if y := r.Ledger.Layers[2]; y.Update.M0 != 0 || y.Backward.MACs == 0 || y.Backward.MACs != y.Forward.MACs {
			t.Errorf("%v: the fixed layer counts %+v", settings, y)
		}
	}
}

// Without a projection the weights grow, and the effective rate falls.
func TestWeightsGrowWithoutAProjection(t *testing.T) {
	r := begin(t, load(t, tiny, "model="+tinyNormalized, "rule.optimizer={kind: sgd, lr: 0.05}"))
	norm := r.invariant.report(r).Norm
	for range 30 {
		advance(t, r)
	}
	report := r.invariant.report(r)
	if report.Norm <= norm || report.Rule != nil || math.Abs(*report.EffectiveRate*report.Norm*report.Norm-0.05) > 1e-9 {
		t.Errorf("length %v, then %+v", norm, report)
	}
}

// What does not go with normalised networks, fixed layers and projections is refused by name.
func TestNormalizedRefuses(t *testing.T) {
	for _, c := range []struct{ settings, want string }{
		{"rule.gate=lazy", "rule.gate"},
		{"rule.project=sphere; rule.cache=synaptic", "rule.project"},
		{"rule.project=sphere; rule.synapse=stochastic", "rule.project"},
		{"rule.project=sphere; model={kind: mlp}", "norm batch"},
		{"model.hidden=[5]; train.batch=1", "train.batch"},
		{"model.hidden=[5]; train.batch=51", "train.batch"}, // 103 examples
	} {
		_, err := New(load(t, tiny, append([]string{"model=" + tinyNormalized}, strings.Split(c.settings, "; ")...)...))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want one about %s", c.settings, err, c.want)
		}
	}
}

// A step of a scale-invariant network on the sphere allocates nothing.
func TestStepOnTheSphereAllocatesNothing(t *testing.T) {
	if race.Enabled {
		t.Skip("the race detector allocates")
	}
	r := begin(t, load(t, tiny, "model="+tinyNormalized, "rule.project=sphere", "data.train=104"))
	for range 60 {
		advance(t, r)
	}
	if n := testing.AllocsPerRun(100, func() { advance(t, r) }); n >= 1 {
		t.Errorf("%v allocations per step", n)
	}
}

// A last step of one presentation, which has no variance, is refused before the first, whatever makes it one.
func TestALastPresentationAloneIsRefused(t *testing.T) {
	const one = "model={kind: convnet, height: 4, width: 5, channels: [3], kernel: 3, pool: 2, hidden: [6], norm: batch}" // a position each from the second layer on
	for setting, want := range map[string]string{
		"train.max_presentations=41": "train.max_presentations: 41 leaves the last step a presentation by itself",
		"train.max_presentations=42": "",
		"data.train=41":              "train.batch: 8 leaves a presentation by itself",
	} {
		_, err := New(load(t, tiny, one, "train.batch=8", "data.train=40", setting))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", setting, err, want)
		}
	}
}
