package device

import (
	"slices"

	"ergon/internal/gpu"
	"ergon/internal/submatrix"
	"ergon/masks"
)

// unitSets are the sets of units that the host draws for each step, as bits.
type unitSets struct {
	drawn []drawnUnits
	begun []begunMask
	first map[unitsOf]int   // the set's first word in a step
	words int               // in a step
	bits  gpu.Array[uint32] // [maxSteps][words]
	host  []uint32          // [maxSteps][words], to be uploaded
}

// unitsOf identifies a set of units: the mask of a network, and the layer of units.
type unitsOf struct {
	network int
	mask    masks.DeviceMask
	layer   int // 0 is the input
}

// drawnUnits is a set of units that is redrawn in each step. The mask's DeviceSet of
// the array contains it.
type drawnUnits struct {
	unitsOf
	array *masks.Synapses
	word  int // the set's first word in a step
}

// begunMask is a mask that is begun for each step.
type begunMask struct {
	network int
	mask    masks.DeviceMask
}

// sides calls visit for each side of an array, rows and columns, that is restricted to
// a set of units: with the layer of units, its size and the set.
func sides(b submatrix.Submatrix, s *masks.Synapses, visit func(layer, size int, units []int32)) {
	if b.Rows != nil {
		visit(s.Layer, s.In, b.Rows)
	}
	if b.Columns != nil {
		visit(s.Layer+1, s.Out, b.Columns)
	}
}

// reserveUnits assigns words of each step to the units of a set that is redrawn.
func (u *Updater) reserveUnits(b masks.KeepUnits, at setUse) {
	if !b.Redrawn {
		return
	}
	if m := (begunMask{at.network, at.mask}); !slices.Contains(u.units.begun[max(0, len(u.units.begun)-1):], m) {
		u.units.begun = append(u.units.begun, m)
	}
	s := u.all[at.array]
	sides(b.Submatrix, s, func(layer, size int, _ []int32) {
		of := unitsOf{at.network, at.mask, layer}
		if _, known := u.units.first[of]; known {
			return
		}
		u.units.first[of] = u.units.words
		u.units.drawn = append(u.units.drawn, drawnUnits{of, s, u.units.words})
		u.units.words += (size + 31) / 32
	})
}

// recordUnits returns the record of a set of units, and uploads the units unless they
// are redrawn.
func (u *Updater) recordUnits(b masks.KeepUnits, at setUse) (r setRecord, err error) {
	r.kind = keepBetween
	if b.Redrawn {
		r.pitch = uint32(u.units.words)
	}
	s := u.all[at.array]
	sides(b.Submatrix, s, func(layer, size int, units []int32) {
		place := &r.pre
		if layer > s.Layer {
			place = &r.post
		}
		if b.Redrawn {
			*place = u.units.bits.At(u.units.first[unitsOf{at.network, at.mask, layer}])
		} else if err == nil {
			bits := make([]uint32, (size+31)/32)
			pack(bits, units)
			*place, err = allocCopy(&u.memory, bits)
		}
	})
	return r, err
}

// draw begins the masks for step number, the t-th of those prepared, and packs their
// sets of units into host.
func (s *unitSets) draw(t int, number uint64, labels func(network int, step uint64) []int32) error {
	step, network := masks.Step{Number: number}, -1
	for _, m := range s.begun {
		if m.network != network && labels != nil {
			network, step.Labels = m.network, labels(m.network, number)
		}
		if err := m.mask.Begin(&step); err != nil {
			return err
		}
	}
	words := s.host[t*s.words:][:s.words]
	clear(words)
	for _, d := range s.drawn {
		sides(d.mask.DeviceSet(d.array).(masks.KeepUnits).Submatrix, d.array, func(layer, _ int, units []int32) {
			if layer == d.layer {
				pack(words[d.word:], units)
			}
		})
	}
	return nil
}

// pack sets the bits of units.
func pack(bits []uint32, units []int32) {
	for _, i := range units {
		bits[i/32] |= 1 << (i % 32)
	}
}
