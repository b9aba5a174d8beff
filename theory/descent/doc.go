// Package descent measures how much of the descent of a plain run a learning rule keeps. A
// [Run] is a run of package train, replayed from its config to some of its steps. There the
// mean gradient ḡ is computed, and for batches that are not part of it what a rule makes of
// their gradient g: an update Δ, by the code that makes the updates of runs. For each layer
// of synapses, biases included, a batch gives
//
//	descent = -Δ·ḡ         how far it takes the mean loss down, to first order
//	work    = -Δ·g         how far it takes its own loss down; of a mask η Σ_S g²
//	m0, m1  = the number of synapses with Δ ≠ 0, and Σ|Δ|
//
// and the same of the plain rule's update -ηg. A rule that only selects a set S has
// the shares Σ_S⟨g·ḡ⟩/⟨|ḡ|²⟩ of the descent and ⟨Σ_S g²⟩/⟨|g|²⟩ of the square. The batches are
// none of those that ḡ is the mean of, so that ⟨g·ḡ⟩ has no share of |g|².
//
// A rule with a cache writes now what it has collected before. It is not sampled but follows
// the run from its first step to the last, at the run's weights (see [Run.Follow]).
package descent
