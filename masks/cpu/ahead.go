package cpu

import "ergon/masks"

// drawsAhead says whether a rule's masks can be drawn ahead, and no other stage looks at
// errors of units that do not learn.
func (u *Updater) drawsAhead() bool {
	for _, m := range u.masks {
		if _, ok := m.(masks.DrawnAhead); !ok {
			return false
		}
	}
	return u.lazy
}

// DrawAhead draws the masks of the next Step, if they do not look at it, and returns for
// each layer the units whose errors it will look at or the layers below need: nil is
// all. It is nil itself where every error is needed. It is valid until the next call.
func (u *Updater) DrawAhead() ([][]int32, error) {
	if !u.drawsAhead() {
		return nil, nil
	}
	if err := u.draw(); err != nil {
		return nil, err
	}
	u.drawnAhead = true
	below := false // a layer below learns
	u.live = u.live[:0]
	for a := 0; a < len(u.all); {
		units := u.liveUnits(u.all[a])
		for a++; a < len(u.all) && u.all[a].Bias; a++ {
			units = union(units, u.liveUnits(u.all[a]))
		}
		if below {
			units = nil
		}
		below = below || units == nil || len(units) > 0
		u.live = append(u.live, units)
	}
	return u.live, nil
}

// liveUnits returns units among which are those whose synapses of an array may change.
func (u *Updater) liveUnits(s *masks.Synapses) []int32 {
	for _, m := range u.masks {
		if m.KeepsAll(s) {
			continue
		}
		if units := m.(masks.DrawnAhead).Units(s); units != nil {
			return units
		}
	}
	return nil
}

// union returns a set of units that holds two others, which are mostly one.
func union(a, b []int32) []int32 {
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
	if u.drawnAhead {
		return nil
	}
	u.drawn = masks.Step{Number: u.step, Arrays: u.all, Presentation: u.presented}
	u.drawn.Outer = u.presented.Batch == 1 && u.transmission == nil
	return masks.Draw(u.masks, &u.drawn)
}
