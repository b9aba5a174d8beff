package masks

// foreseen is a Mask that is drawn without a look at the step: what it keeps is known
// before the backward pass, and with it whose errors the rule will look at.
type foreseen interface {
	// unitsOf returns the postsynaptic units of an array's synapses that may change
	// in the step that was begun, ascending; nil is all.
	unitsOf(s *Synapses) []int32
}

// none is a set of units that is empty, but not nil.
var none = []int32{}

func (full) unitsOf(*Synapses) []int32             { return nil }
func (frozen) unitsOf(*Synapses) []int32           { return none }
func (m *neurons) unitsOf(s *Synapses) []int32     { return m.grid(s.Layer).post }
func (m *subnet) unitsOf(s *Synapses) []int32      { return m.grid(s.Layer).post }
func (m *alternating) unitsOf(s *Synapses) []int32 { return m.turn.grid(m.Side, s.Layer).post }

// foresees says whether a rule's masks can be drawn ahead, and no other stage looks at
// errors of units that do not learn.
func (u *Updater) foresees() bool {
	for _, m := range u.masks {
		if _, ok := m.(foreseen); !ok {
			return false
		}
	}
	return u.sparing
}

// Foresee draws the masks of the next Step, if they do not look at it, and returns for
// each layer the units whose errors it will look at or the layers below need: nil is
// all. It is nil itself where every error is needed. It is valid until the next call.
func (u *Updater) Foresee() ([][]int32, error) {
	if !u.foresees() {
		return nil, nil
	}
	if err := u.draw(); err != nil {
		return nil, err
	}
	u.foresaw = true
	below := false // a layer below learns
	u.wanted = u.wanted[:0]
	for a := 0; a < len(u.all); {
		units := u.unitsOf(u.all[a])
		for a++; a < len(u.all) && u.all[a].Bias; a++ {
			units = either(units, u.unitsOf(u.all[a]))
		}
		if below {
			units = nil
		}
		below = below || units == nil || len(units) > 0
		u.wanted = append(u.wanted, units)
	}
	return u.wanted, nil
}

// unitsOf returns units among which are those whose synapses of an array may change.
func (u *Updater) unitsOf(s *Synapses) []int32 {
	for _, m := range u.masks {
		if m.KeepsAll(s) {
			continue
		}
		if units := m.(foreseen).unitsOf(s); units != nil {
			return units
		}
	}
	return nil
}

// either returns a set of units that holds two others, which are mostly one.
func either(a, b []int32) []int32 {
	switch {
	case a == nil || b == nil:
		return nil
	case len(a) == 0:
		return b
	case len(b) == 0 || len(a) == len(b) && &a[0] == &b[0]:
		return a
	}
	return nil
}

// draw begins the step that comes on every mask, unless that was done.
func (u *Updater) draw() error {
	if u.foresaw {
		return nil
	}
	u.drawn = Step{Number: u.step, Arrays: u.all, Presentation: u.presented}
	u.drawn.Outer = u.presented.Batch == 1 && u.transmission == nil
	return draw(u.masks, &u.drawn)
}
