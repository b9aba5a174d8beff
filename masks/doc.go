// Package masks holds the learning rules: how a gradient becomes a change of
// synapses,
//
//	ΔJ = -η clip(M ⊙ ∂L/∂J),
//
// with a 0-1 mask M, a clip and an optimizer that turns masked gradients into
// updates. The clip is of the update, learning rate included: its bound is in
// units of the weights, ΔJ = clip(-η M ⊙ ∂L/∂J). Masks act on the update after back-propagation,
// never on the forward pass; a masked synapse, and the optimizer's memory of
// it, are the same bits after the step.
//
// A Rule is composed of stages, each a small interface with kinds that
// register themselves; one kind is one file. Updater is the fused, parallel
// pass that masks, clips, applies and counts; Reference is the same in the
// obvious way, for tests and for reading.
package masks
