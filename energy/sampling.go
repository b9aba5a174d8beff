package energy

// Sampling is the work of drawing samples of a model: block Gibbs sampling of the chains of
// a Boltzmann machine. For other networks there is none: nil.
type Sampling struct {
	Sweeps        int64 `json:"sweeps"` // of a chain, there and back: hidden units, then visible ones
	MACs          int64 `json:"macs"`
	MACsEffective int64 `json:"macs_effective"` // from a unit that is not 0
	Additions     int64 `json:"additions"`      // of the MACs: of units that are 0 or 1, so that nothing is multiplied
	WeightReads   int64 `json:"weight_reads"`   // each weight twice in a sweep of all chains, each bias once
	// ActiveHidden and ActiveVisible are samples that are not 0.
	ActiveHidden  int64 `json:"active_hidden"`
	ActiveVisible int64 `json:"active_visible"`
}

// plusSampling adds d to s in place and returns it; what is nil counts nothing.
func plusSampling(s, d *Sampling) *Sampling {
	if d == nil {
		return s
	}
	if s == nil {
		s = new(Sampling)
	}
	s.Sweeps += d.Sweeps
	s.MACs += d.MACs
	s.MACsEffective += d.MACsEffective
	s.Additions += d.Additions
	s.WeightReads += d.WeightReads
	s.ActiveHidden += d.ActiveHidden
	s.ActiveVisible += d.ActiveVisible
	return s
}

// clearedSampling sets the work back to zero, in place.
func clearedSampling(s *Sampling) *Sampling {
	if s != nil {
		*s = Sampling{}
	}
	return s
}
