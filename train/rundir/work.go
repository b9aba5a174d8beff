package rundir

// Work is what the motion of the synapses dissipated, W = ∫ Σ -ẇ ∂F/∂w dt (Eq.
// 15 of Tkachenko 2025), as Σ -Δw·g over steps: g is the gradient of a step's
// batch, at the weights before it, and Δw the update of each weight, after
// masks and clip, as M1 counts it: before it is rounded into the weight. Δw without noise
// is -η g where a synapse may change, so
// that plain descent dissipates η|g|². Thermal noise is part of Δw; its share is
// zero on average, with a relative standard error of √(2kT/W). What a cache decays is no
// work of the gradient, and is not in it. Where accumulators take the updates, and weights are written
// later, it is not known.
type Work struct {
	Dissipated *float64 `json:"dissipated"` // in units of the loss, of a quasistatic network H/kappa_output; null if not finite
	TauRatio   int      `json:"tau_ratio"`  // τ_train/τ_inf if each batch stays for one relaxation time: the open steps
}

// Relaxation says how the hidden units of a quasistatic network came to rest in training.
type Relaxation struct {
	Iterations float64 `json:"iterations"` // mean over presentations: evaluations of the force
	Stuck      int64   `json:"stuck"`      // presentations that did not come to rest, learned from as they were
	Residual   float64 `json:"residual"`   // largest |∂H/∂x| left of a presentation, over kappa_output or, if more, over its springs' force
}
