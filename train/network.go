package train

import "ergon/masks"

// Network returns what a rule may know of the run's network.
func (r *Run) Network() masks.Network { return r.network() }
