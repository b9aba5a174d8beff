// Package energy says what learning cost: a ledger of what happened in a run,
// per layer of synapses and per stage, price tables that turn events into
// joules, and nothing that is not known.
//
// Counted per step, before anything is priced:
//
//   - M0 = Σ_t count(Δw ≠ 0), how many synapses changed, and M1 = Σ_t Σ|Δw|, by
//     how much, where Δw is the update that the rule applies, after mask, clip
//     and learning rate (van Rossum & Pache 2024; Li & van Rossum 2020, eq. 1
//     with α = 0 and 1);
//   - the activity of the units: how many were active (output ≠ 0) and Σ|output|;
//   - the multiply-accumulates of the passes, and those among them that a zero
//     input would not have skipped;
//   - reads and writes of weights.
//
// Events become joules by price tables, which name their sources; what an event
// costs that has no price stays unknown. [Inference] and [Operations] are the
// same counts in the terms of NeuroBench.
//
// The evaluations of a run are the experimenter's measurement, not the
// network's learning, and are not counted.
package energy
