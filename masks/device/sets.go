package masks

import (
	"fmt"
	"math"
)

// setUse is a set of synapses that a mask keeps, and whose it is.
type setUse struct {
	set            DeviceSet
	network, array int
	mask           DeviceMask
	before         int // sets of the array that are of masks listed before
}

// reserve notes what a set needs on the device from step to step.
func (u *DeviceUpdater) reserve(use setUse) {
	switch set := use.set.(type) {
	case KeepUnits:
		u.reserveUnits(set, use)
	case KeepTop:
		u.reserveCompetition(set, use)
	}
}

// record puts on the device what stays of a set, and returns what kernels read.
func (u *DeviceUpdater) record(use setUse) (setRecord, error) {
	switch set := use.set.(type) {
	case KeepNone:
		return setRecord{}, nil
	case KeepRandom:
		return recordRandom(set), nil
	case KeepUnits:
		return u.recordUnits(set, use)
	case KeepFixed:
		at, err := allocCopy(&u.memory, set.Bits)
		return setRecord{kind: keepChosen, chosen: at}, err
	case KeepTop:
		return u.recordCompetition(set), nil
	}
	return setRecord{}, fmt.Errorf("masks: kernels know no set of type %T", use.set)
}

func recordRandom(set KeepRandom) setRecord {
	if set.Threshold > math.MaxUint32 { // every word is: between all units
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
