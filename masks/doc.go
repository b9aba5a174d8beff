// Package masks holds the learning rules: how a gradient becomes a change of
// synapses,
//
//	ΔJ = clip(-η M ⊙ ∂L/∂J),
//
// with a 0-1 mask M, an optimizer that turns masked gradients into updates (here
// plain descent at rate η), and a clip of the update: its bound is in units of the
// weights. Masks act on the update after back-propagation, never on the forward
// pass. A masked synapse, and the optimizer's memory of it, keep their bits in the
// step.
//
// A Rule is composed of stages. Each stage is a small interface with kinds that
// register themselves. This package defines the stages, what they see of a network
// and of a step, and the optional interfaces that make a kind fast. The only kinds
// here are those that do nothing.
//
// The kinds are in masks/rules, one in a file. Three packages apply a rule:
// masks/reference, one formula after the other, for tests and for reading;
// masks/cpu, a fused, parallel pass; masks/device, many networks at once on a
// GPU. masks/maskstest compares them for every kind.
package masks
