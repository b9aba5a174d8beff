package train

import (
	"fmt"
	"math"

	"ergon/energy/bounds"
	"ergon/graph/engine"
	"ergon/internal/finite"
	"ergon/masks/rules"
	"ergon/masks/rules/accumulate"
	"ergon/masks/rules/caching"
	"ergon/train/rundir"
)

// Displacement2 returns |w - w_0|², the squared distance of the present weights from the
// first ones.
func (r *Run) Displacement2() (sum float64) {
	for a, w := range r.weights {
		first := r.initial[a]
		for i, v := range w {
			d := float64(v) - float64(first[i])
			sum += d * d
		}
	}
	return sum
}

// rungsOf compares the work of a run at its end with the speed limit, and with the
// information learned. b is complete.
func rungsOf(r *Run, b *rundir.Bounds) (s rundir.Rungs) {
	moved := r.Displacement2()
	if s.Displacement2 = finite.OrNil(moved); s.Displacement2 == nil {
		s.NoDisplacement2 = "weights are not finite"
	}
	s.SpeedEfficiency, s.NoSpeedEfficiency = speedEfficiency(r, moved)
	s.Information, s.NoInformation = information(r)
	s.LearningEfficiency, s.NoLearningEfficiency = learningEfficiency(r, b, s.Information)
	return s
}

// speedEfficiency returns |w_n - w_0|²/(W Σ η_t), or why it is not known.
func speedEfficiency(r *Run, moved float64) (efficiency *float64, reason string) {
	work, reason := workOf(r)
	if reason == "" {
		reason = notDescent(r)
	}
	if reason != "" {
		return nil, reason
	}
	rates := r.work.Rates()
	if rates == 0 || work == 0 {
		return nil, "no step did any work"
	}
	if efficiency = finite.OrNil(bounds.SpeedLimit(moved, rates) / work); efficiency == nil {
		return nil, "weights are not finite"
	}
	return efficiency, ""
}

// workOf returns the work of a run, or why it is not known.
func workOf(r *Run) (work float64, reason string) {
	if reason = r.work.Unknown(r.OpenSteps); reason != "" {
		return 0, "the work is not known: " + reason
	}
	return *r.work.Report(r.OpenSteps).Dissipated, ""
}

// notDescent says why the weights of a run do more than go against the gradient, each by
// no more than the rate times it; empty: they do not.
func notDescent(r *Run) string {
	rule := r.Config.Rule
	if _, ok := r.learningRate(); !ok {
		return fmt.Sprintf("a step of rule.optimizer is not a rate times the gradient; that of %s or %s is", "sgd", "langevin")
	}
	if l, ok := rule.Optimizer.(*rules.Langevin); ok && (l.Temperature > 0 || l.End > 0) {
		return "thermal noise moves weights, too"
	}
	if rule.Project != nil && rule.Project.Target() != nil {
		return "rule.project moves weights, too"
	}
	return cacheMoves(r)
}

// cacheMoves says why the cache of a run moves weights, too; empty: it does not.
func cacheMoves(r *Run) string {
	if r.updater.Memory() == nil {
		return ""
	}
	switch cache := r.Config.Rule.Cache.(type) {
	case *caching.SynapticCache:
		if math.IsInf(cache.Tau, 1) {
			return ""
		}
	case *accumulate.MixedPrecision:
		if cache.Visible {
			return ""
		}
	}
	return "transient changes decay, which moves weights, too"
}

// information returns the mutual information of label and answer at the last evaluation,
// or why it is not known.
func information(r *Run) (nats *float64, reason string) {
	if r.Data.Classes == 0 {
		return nil, "targets are real-valued, and there are no labels"
	}
	if _, ok := engine.DeviceOf(r.Engine); ok {
		return nil, "a GPU counts right answers, and not which wrong ones there are; engine.device=cpu does"
	}
	if i, ok := r.answers.Information(); ok {
		return &i, ""
	}
	return nil, "there was no evaluation"
}

// learningEfficiency returns D·I/(W/kT*), or why it is not known. kT* is that of the
// last period between evaluations, and of the batches as they were: W/kT* is then
// 2N(steps + D/B_simple) where the moments of the gradients stay the same.
func learningEfficiency(r *Run, b *rundir.Bounds, nats *float64) (efficiency *float64, reason string) {
	work, reason := workOf(r)
	noise := b.GradientsLast
	switch {
	case reason != "":
		return nil, reason
	case nats == nil:
		return nil, "the information is not known"
	case noise == nil && isNormalized(r.Model):
		return nil, "with batch normalisation a presentation has no gradient of its own, whose noise could be sampled"
	case noise == nil:
		return nil, "the noise of the gradients was not sampled before the last evaluation: the run, or what follows the evaluation before, is too short"
	case noise.ThresholdStep == nil:
		return nil, "kT*, the threshold temperature, is that of a learning rate of sgd or langevin"
	case !(*noise.ThresholdStep > 0):
		return nil, "the estimate of the gradients' noise is not above 0"
	case !(work > 0):
		return nil, "the work is not above 0"
	}
	if efficiency = finite.OrNil(bounds.LearningEfficiency(float64(b.Presentations), *nats, work, *noise.ThresholdStep)); efficiency == nil {
		return nil, "it is not finite"
	}
	return efficiency, ""
}
