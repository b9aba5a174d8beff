package device

import (
	"fmt"
	"math"

	"ergon/masks"
)

// setUse is the set of synapses that a mask of a network keeps of an array.
type setUse struct {
	set            masks.DeviceSet
	network, array int
	mask           masks.DeviceMask
	before         int // number of the array's sets that belong to masks listed before
}

// reserve registers what a set needs on the device, before anything is allocated.
func (u *Updater) reserve(use setUse) {
	switch set := use.set.(type) {
	case masks.KeepUnits:
		u.reserveUnits(set, use)
	case masks.KeepTop:
		u.reserveCompetition(set, use)
	}
}

// record uploads the constant part of a set, and returns its record for the kernels.
func (u *Updater) record(use setUse) (setRecord, error) {
	switch set := use.set.(type) {
	case masks.KeepNone:
		return setRecord{}, nil
	case masks.KeepRandom:
		return recordRandom(set), nil
	case masks.KeepUnits:
		return u.recordUnits(set, use)
	case masks.KeepFixed:
		at, err := allocCopy(&u.memory, set.Bits)
		return setRecord{kind: keepChosen, chosen: at}, err
	case masks.KeepTop:
		return u.recordCompetition(set), nil
	}
	return setRecord{}, fmt.Errorf("masks: kernels know no set of type %T", use.set)
}

func recordRandom(set masks.KeepRandom) setRecord {
	if set.Threshold > math.MaxUint32 { // every word is below it: keep the synapses between all units
		return setRecord{kind: keepBetween}
	}
	key := set.Stream.Key()
	return setRecord{kind: keepBelow, key0: key[0], key1: key[1], below: uint32(set.Threshold), redrawn: oneIf(set.Redrawn)}
}

func oneIf(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
