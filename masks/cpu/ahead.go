package cpu

import (
	"ergon/internal/schema"
	"ergon/masks"
)

// drawsAhead reports whether the masks can be drawn before the backward pass, and no
// other stage reads errors of units that do not learn.
func (u *Updater) drawsAhead() bool {
	if _, watching := u.optimizer.(masks.Watching); watching && u.proportional == nil {
		return false
	}
	for _, m := range u.masks {
		if _, ok := m.(masks.DrawnAhead); !ok {
			return false
		}
	}
	return u.lazy && u.learner == nil
}

// DrawAhead draws the masks of the next Step before the backward pass. For each layer
// it returns the units whose errors are needed, by the step or for the layers below;
// nil means all units. The result is nil if the masks cannot be drawn ahead and every
// error is needed. It is valid until the next call.
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
		units, layer := u.liveUnits(u.all[a]), u.all[a].Layer
		for a++; a < len(u.all) && u.all[a].Layer == layer; a++ {
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

// liveUnits returns a superset of the postsynaptic units of an array whose synapses
// may change; nil means all.
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

// union returns a superset of two sets of units: exact if they are the same slice or
// one is empty, as is usual; else all, nil.
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

// draw begins the next step on every mask, unless DrawAhead has.
func (u *Updater) draw() error {
	if u.drawnAhead {
		return nil
	}
	u.drawn = masks.Step{Number: u.step, Arrays: u.all, Presentation: u.presented}
	u.drawn.Outer = u.presented.Batch == 1 && u.presented.Rows <= 1 && u.transmission == nil && u.former == nil
	if u.former != nil {
		if err := u.former.FormGradients(&u.drawn); err != nil {
			return schema.Under("rule.cache", err)
		}
	}
	return masks.Draw(u.masks, &u.drawn)
}
