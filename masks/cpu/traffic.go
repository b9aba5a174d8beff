package cpu

import "ergon/masks"

// Traffic returns what the last step read and wrote, of each layer, of what the rule
// remembers of synapses. The slice is valid until the next step and must not be modified.
// What the stages named by Undeclared do is not in it.
func (u *Updater) Traffic() []masks.Traffic { return u.traffic }

// Undeclared names the stages of the rule whose traffic is not known.
func (u *Updater) Undeclared() []string { return u.accounts.Undeclared }

// Uncounted names the stages of the rule whose changes beside the weights are not counted.
func (u *Updater) Uncounted() []string { return u.accounts.Uncounted }

// SteadyTraffic returns the traffic of each layer in a step with an update, if that is
// the same whatever the masks keep: because they keep all, or because nothing is
// remembered of those kept. The rule must have no cache.
func (u *Updater) SteadyTraffic() (steady []masks.Traffic, ok bool) {
	for l, usage := range u.usage {
		usage.Kept, usage.Cached = 0, masks.Consolidation{}
		none := u.accounts.Traffic(usage)
		usage.Kept = usage.Synapses
		all := u.accounts.Traffic(usage)
		if u.memory != nil || none != all && u.restricts(l) {
			return nil, false
		}
		steady = append(steady, all)
	}
	return steady, true
}

// restricts reports whether a mask restricts a layer.
func (u *Updater) restricts(layer int) bool {
	for _, s := range u.all {
		for _, m := range u.masks {
			if s.Layer == layer && !m.KeepsAll(s) {
				return true
			}
		}
	}
	return false
}

// forget clears what is counted in a step.
func (u *Updater) forget() {
	for l := range u.usage {
		u.usage[l].Kept, u.usage[l].Cached = 0, masks.Consolidation{}
	}
}

// Accumulations returns what the last step changed of the state beside the weights of each
// layer. The slice is valid until the next step and must not be modified.
func (u *Updater) Accumulations() []masks.Accumulation { return u.accumulations }

// AccumulatorBits returns how many bits of such state there are of a layer.
func (u *Updater) AccumulatorBits(layer int) int64 { return u.accounts.Bits(layer) }

// account computes the traffic of the step, and what it changed beside the weights, after
// the cache has consolidated. Changes are then those of the weights.
func (u *Updater) account() {
	for l, c := range u.changes {
		u.usage[l].Update = c
	}
	if u.memory != nil {
		for l, c := range u.memory.Consolidations() {
			u.usage[l].Cached = c
		}
	}
	for l, usage := range u.usage {
		u.traffic[l] = u.accounts.Traffic(usage)
		u.accumulations[l] = u.accounts.Accumulated(usage)
		u.changes[l] = masks.Written(u.memory, l, u.changes[l])
	}
}
