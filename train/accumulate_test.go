package train

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"ergon/energy"
	"ergon/internal/schema"
	"ergon/masks"
)

// Rules that keep something beside the weights, each as its account of a step is to be recounted, from
// what was there before and after, and Δw = -η g.
var beside = map[string]func(t *testing.T, s *recountedStep){
	"rule.cache=none":         func(*testing.T, *recountedStep) {},
	"rule.optimizer=momentum": func(_ *testing.T, s *recountedStep) { s.moments(1) },
	"rule.optimizer=adam":     func(_ *testing.T, s *recountedStep) { s.moments(2) },
	"rule.cache={kind: synaptic, theta: 0.004, tau: 30}":                func(t *testing.T, s *recountedStep) { s.cache(t, 0.004, 30) },
	"rule.cache={kind: mixed_precision, epsilon: 0.004}":                func(t *testing.T, s *recountedStep) { s.hidden(t, 0.004) },
	"rule.cache={kind: mixed_precision, epsilon: 0.004, visible: true}": func(t *testing.T, s *recountedStep) { s.visible(t, 0.004) },
}

// recountedStep is the account of a step, counted one synapse at a time.
type recountedStep struct {
	r             *Run
	presentations int
	before, after memories
	delta         [][]float32 // Δw of the step, array by array
	want          energy.Accumulate
}

// memories are copies of what a run and its rule keep of synapses.
type memories struct{ weights, permanent, chi [][]float32 }

func memoriesOf(r *Run) (m memories) {
	m.weights = snapshot(r.Model)
	if memory := r.updater.Memory(); memory != nil {
		for _, l := range memory.Permanent() {
			m.permanent = append(m.permanent, append([]float32(nil), l...))
		}
		if a, ok := memory.(masks.Accumulator); ok {
			for _, chi := range a.Accumulators() {
				m.chi = append(m.chi, append([]float32(nil), chi...))
			}
		}
	}
	if m.permanent == nil {
		m.permanent = m.weights
	}
	return m
}

// moments counts so many numbers of each synapse.
func (s *recountedStep) moments(numbers int64) {
	for _, w := range s.after.weights {
		s.want.Updates += numbers * int64(len(w))
		s.want.Bits += 32 * numbers * int64(len(w))
	}
}

// change counts a change of a number beside the weights.
func (s *recountedStep) change(by float64) {
	if by != 0 {
		s.want.Updates++
		s.want.Amount += math.Abs(by)
	}
}

// cache counts the changes of s = w - l: the update, what is consolidated, and what decays of the rest.
func (s *recountedStep) cache(t *testing.T, theta, tau float64) {
	decayed := float64(float32(-math.Expm1(-float64(s.presentations) / tau)))
	s.each(func(a, i int, delta float32) {
		w, l := s.before.weights[a][i]+delta, s.before.permanent[a][i]
		s.change(float64(delta))
		switch transient := w - l; {
		case math.Abs(float64(transient)) >= float64(float32(theta)):
			s.change(float64(w) - float64(l))
			s.equal(t, "l", s.after.permanent[a][i], w)
		default:
			s.change(float64(transient) * decayed)
			s.equal(t, "l", s.after.permanent[a][i], l)
		}
	})
}

// hidden counts the changes of χ: the update, and what is written; and the traffic of that: a number is read to be
// added to, every one to be compared with ε, and those that change are written.
func (s *recountedStep) hidden(t *testing.T, epsilon float32) {
	s.each(func(a, i int, delta float32) {
		chi := s.before.chi[a][i] + delta
		steps := math.Trunc(float64(chi) / float64(epsilon))
		written := float32(steps * float64(epsilon))
		s.change(float64(delta))
		s.change(float64(written))
		s.want.Reads++ // compared
		if delta != 0 {
			s.want.Reads++
		}
		s.equal(t, "χ", s.after.chi[a][i], chi-written)
		s.equal(t, "w", s.after.weights[a][i], s.before.weights[a][i]+written)
	})
	s.want.Writes = s.want.Updates
}

// visible counts the changes of χ = weight - w.
func (s *recountedStep) visible(t *testing.T, epsilon float32) {
	s.each(func(a, i int, delta float32) {
		weight, w := s.before.weights[a][i]+delta, s.before.permanent[a][i]
		s.change(float64(delta))
		if chi := weight - w; chi >= epsilon || chi <= -epsilon {
			after := w + float32(math.Trunc(float64(chi)/float64(epsilon))*float64(epsilon))
			s.change(float64(after) - float64(w))
			w = after
		}
		s.equal(t, "weight", s.after.weights[a][i], weight)
		s.equal(t, "w", s.after.permanent[a][i], w)
	})
}

// each visits every synapse of a rule that keeps one number of 32 bits of each.
func (s *recountedStep) each(visit func(array, i int, delta float32)) {
	for a, deltas := range s.delta {
		s.want.Bits += 32 * int64(len(deltas))
		for i, delta := range deltas {
			visit(a, i, delta)
		}
	}
}

func (s *recountedStep) equal(t *testing.T, what string, got, want float32) {
	if got != want {
		t.Fatalf("step %d: %s is %v, by the definition %v", s.r.Steps, what, got, want)
	}
}

// gradients counts what is added to the gradient of a batch, product by product.
func (s *recountedStep) gradients(t *testing.T) {
	p, err := s.r.program(s.presentations)
	if err != nil {
		t.Fatal(err)
	}
	for l, layer := range s.r.Model.Layers() {
		if s.presentations == 1 || layer.Fixed {
			continue
		}
		s.want.Bits += 32 * int64(layer.Parameters())
		x, dz := p.Presynaptic(l), p.Error(l)
		for b := range p.Rows() {
			for _, e := range dz[b*layer.Out : (b+1)*layer.Out] {
				if e == 0 {
					continue
				}
				s.want.GradientUpdates++ // of the bias
				for _, v := range x[b*layer.In : (b+1)*layer.In] {
					if v != 0 {
						s.want.GradientUpdates++
					}
				}
			}
		}
	}
}

// What a run changes beside its weights equals a recount of each step, synapse by synapse: integers exactly,
// amounts to 1e-12. The lines of its steps add up to its summary, bits being the most of any.
func TestAccumulateEqualsARecount(t *testing.T) {
	for settings, recount := range beside {
		for _, batch := range []int{1, 8} {
			t.Run(fmt.Sprint(settings, ", batch ", batch), func(t *testing.T) {
				r := begin(t, load(t, tiny, "train.epochs=1", "rule.mask=full", "rule.optimizer={kind: sgd, lr: 0.1}", fmt.Sprint("train.batch=", batch), settings))
				check := &recounter{run: r, recount: recount, t: t, before: memoriesOf(r)}
				check.before.chi = masks.Zeros(sizes(r)) // nothing is accumulated yet
				s, err := r.Train(context.Background(), check)
				if err != nil {
					t.Fatal(err)
				}
				if check.sum != s.Energy.Accumulate || !s.Energy.Accumulate.Known {
					t.Errorf("the summary says %+v, the steps add up to %+v", s.Energy.Accumulate, check.sum)
				}
				if last := s.Crossings[len(s.Crossings)-1]; last.Accumulate.Updates > s.Energy.Accumulate.Updates {
					t.Errorf("at a goal %+v, in the end %+v", last.Accumulate, s.Energy.Accumulate)
				}
			})
		}
	}
}

func sizes(r *Run) (all []int) {
	for _, w := range r.weights {
		all = append(all, len(w))
	}
	return all
}

// recounter is a Hook that recounts each step.
type recounter struct {
	NopHook
	t       *testing.T
	run     *Run
	recount func(*testing.T, *recountedStep)
	before  memories
	sum     energy.Accumulate
}

// Step implements Hook.
func (c *recounter) Step(r *Run) error {
	s := &recountedStep{r: r, presentations: r.lastBatch, before: c.before, after: memoriesOf(r), want: energy.Accumulate{Known: true}}
	s.delta = updates(c.t, r)
	c.recount(c.t, s)
	s.gradients(c.t)
	got := r.Ledger.Last().Accumulate
	if math.Abs(got.Amount-s.want.Amount) > 1e-12*s.want.Amount {
		c.t.Errorf("step %d: amount %v, recounted %v", r.Steps, got.Amount, s.want.Amount)
	}
	if s.want.Amount = got.Amount; got != s.want {
		c.t.Errorf("step %d: %+v, recounted %+v", r.Steps, got, s.want)
	}
	c.before = s.after
	sum := &c.sum
	sum.Known, sum.Bits = true, max(sum.Bits, got.Bits)
	sum.Updates, sum.Amount, sum.GradientUpdates = sum.Updates+got.Updates, sum.Amount+got.Amount, sum.GradientUpdates+got.GradientUpdates
	sum.Reads, sum.Writes = sum.Reads+got.Reads, sum.Writes+got.Writes
	return nil
}

// updates returns Δw = -η g of the step that a run has just made, array by array.
func updates(t *testing.T, r *Run) (all [][]float32) {
	p, err := r.program(r.lastBatch)
	if err != nil {
		t.Fatal(err)
	}
	for _, parameter := range p.Parameters() {
		g, err := parameter.Grad()
		if err != nil {
			t.Fatal(err)
		}
		delta := append([]float32(nil), g.Data().([]float32)...)
		for i := range delta {
			delta[i] *= float32(-0.1)
		}
		all = append(all, delta)
	}
	return all
}

// Layers that cannot learn, that have the weights of another, or a triangle of them, gather only what they learn from.
func TestGradientsOfUnusualLayers(t *testing.T) {
	for name, c := range map[string]*Run{
		"fixed":      begin(t, load(t, tiny, "rule.mask=full", "model="+tinyNormalized)),
		"restricted": begin(t, load(t, "{}", machineConfig("{kind: rbm, hidden: 5}", "train.chains=10; train.epochs=1")...)),
		"joined":     begin(t, load(t, bars)),
	} {
		for range 5 {
			batch := c.sampler.Batch(uint64(c.Steps))
			advance(t, c)
			want, p := energy.Accumulate{Known: true}, c.programs[len(batch)]
			for l, layer := range c.Model.Layers() {
				want.Bits += gradientBits(layer.Fixed, layer.Parameters())
				if !layer.Fixed {
					dz := p.Error(l)[:p.Presented()*layer.Rows()*layer.Out] // without what centring adds
					want.GradientUpdates += productsOf(p.Presynaptic(l), dz, layer.In, layer.Out, layer.Tied, layer.Triangular, layer.B != nil)
				}
			}
			if got := c.Ledger.Last().Accumulate; got != want || got.GradientUpdates == 0 {
				t.Fatalf("%s, step %d: %+v, recounted %+v", name, c.Steps, got, want)
			}
		}
	}
}

func gradientBits(fixed bool, parameters int) int64 {
	if fixed {
		return 0
	}
	return 32 * int64(parameters)
}

// productsOf counts the products x_i·dz_j of the synapses of a layer, and the errors of its biases, that are not 0.
func productsOf(x, dz []float32, in, out int, tied, triangular, biases bool) (n int64) {
	for b := range len(dz) / out {
		for j, e := range dz[b*out : (b+1)*out] {
			if e != 0 && biases {
				n++
			}
			for i, v := range x[b*in : (b+1)*in] {
				switch {
				case tied:
				case triangular && i < j && v != 0 && x[b*in+j] != 0, !triangular && v != 0 && e != 0:
					n++
				}
			}
		}
	}
	return n
}

// A kind that does not count what it changes beside the weights leaves the account unknown, not 0, at goals, too.
func TestUncountedIsUnknown(t *testing.T) {
	s, _ := memoryOf(t, "rule.optimizer=silent")
	why := s.Energy.JoulesModel["horowitz45nm"].Unpriced[energy.Accumulating]
	for _, x := range s.Crossings {
		if x.Accumulate != nil {
			t.Errorf("at the goal of %g %+v", x.Accuracy, *x.Accumulate)
		}
	}
	if s.Energy.Accumulate != (energy.Accumulate{}) || len(s.Crossings) == 0 || !strings.Contains(why, "rule.optimizer silent") {
		t.Errorf("%+v, for the reason %q", s.Energy.Accumulate, why)
	}
}

// With accumulators the work is not known, nor what follows from it; without, or with none that is hidden, it is.
func TestWorkOfAccumulators(t *testing.T) {
	s, lines := record(t, load(t, tiny, "rule.cache=mixed_precision"))
	const why = "with rule.cache mixed_precision the gradient of a step moves accumulators"
	if s.Energy.Work != nil || !strings.HasPrefix(s.Energy.NoWork, why) || strings.Contains(lines, `"work"`) {
		t.Errorf("work %+v, reason %q", s.Energy.Work, s.Energy.NoWork)
	}
	if s.SpeedEfficiency != nil || s.LearningEfficiency != nil || !strings.Contains(s.NoSpeedEfficiency, why) || !strings.Contains(s.NoLearningEfficiency, why) {
		t.Errorf("speed %v (%q), learning %v (%q)", s.SpeedEfficiency, s.NoSpeedEfficiency, s.LearningEfficiency, s.NoLearningEfficiency)
	}
	plain, _ := record(t, load(t, tiny))
	for _, cache := range []string{"{kind: mixed_precision, epsilon: 0}", "{kind: mixed_precision, visible: true}"} {
		seen, _ := record(t, load(t, tiny, "rule.cache="+cache))
		if seen.Energy.Work == nil || *seen.Energy.Work.Dissipated != *plain.Energy.Work.Dissipated || *seen.SpeedEfficiency != *plain.SpeedEfficiency {
			t.Errorf("%s: work %+v (%q), speed %v (%q)", cache, seen.Energy.Work, seen.Energy.NoWork, seen.SpeedEfficiency, seen.NoSpeedEfficiency)
		}
	}
}

// Of accumulators only what is written counts: steps with a write are updates, written weights are erased and paid.
func TestAccumulatorsWriteRarely(t *testing.T) {
	r := begin(t, load(t, tiny, "rule.cache={kind: mixed_precision, epsilon: 0.02, transfer_every: 40}"))
	s, err := r.Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	e := s.Energy
	if most := s.Samples / 40; s.Updates == 0 || s.Updates > most || s.OpenSteps <= most {
		t.Errorf("%d updates in %d open steps, of which at most %d write", s.Updates, s.OpenSteps, most)
	}
	if e.M0 == 0 || e.M0 >= e.Accumulate.Updates/10 || e.M0Paid != e.M0 || *e.M1Paid != e.M1 || e.Bounds.ErasedBits != 32*e.M0 || e.Cache != nil {
		t.Errorf("M0 %d of %d updates, paid %d, %d bits erased", e.M0, e.Accumulate.Updates, e.M0Paid, e.Bounds.ErasedBits)
	}
}

// Weights on a lattice have no density, whose entropy a window could tell.
func TestNoEntropyOfALattice(t *testing.T) {
	_, err := New(load(t, tiny, append(measured, "rule.cache=mixed_precision")...))
	if problem, ok := err.(*schema.Error); !ok || problem.Path != "free_energy.window" || !strings.Contains(problem.Error(), "rule.cache mixed_precision") {
		t.Errorf("error %v", err)
	}
}
