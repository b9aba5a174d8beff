package masks

import (
	"math"

	"ergon/internal/philox"
)

// DeviceSet is a set of synapses of an array in the kernels' words: nothing,
// below, between, chosen or winning. kept.cuh has what they mean.
type DeviceSet interface {
	// reserve notes what the set needs on the device from step to step.
	reserve(u *DeviceUpdater, at setUse)
	// record puts on the device what stays, and returns what kernels read.
	record(u *DeviceUpdater, at setUse) (setRecord, error)
}

// setUse is a set and whose it is.
type setUse struct {
	DeviceSet
	network, array int
	mask           DeviceMask
	before         int // sets of the array that are of masks listed before
}

// KeepNone keeps no synapse.
type KeepNone struct{}

func (KeepNone) reserve(*DeviceUpdater, setUse) {}

func (KeepNone) record(*DeviceUpdater, setUse) (setRecord, error) { return setRecord{}, nil }

// KeepRandom keeps synapse i where word i of a step of a stream is below the
// threshold: of the step in progress if redrawn, else of step 0.
type KeepRandom struct {
	Stream    philox.Stream
	Threshold uint64
	Redrawn   bool
}

func (KeepRandom) reserve(*DeviceUpdater, setUse) {}

func (b KeepRandom) record(*DeviceUpdater, setUse) (setRecord, error) {
	if b.Threshold > math.MaxUint32 { // every word is: between all units
		return setRecord{kind: keepBetween}, nil
	}
	key := b.Stream.Key()
	return setRecord{kind: keepBelow, key0: key[0], key1: key[1], below: uint32(b.Threshold), redrawn: oneIf(b.Redrawn)}, nil
}

// KeepFixed keeps the synapses whose bits are set, the same in every step.
type KeepFixed struct{ Bits []uint64 }

func (KeepFixed) reserve(*DeviceUpdater, setUse) {}

func (c KeepFixed) record(u *DeviceUpdater, _ setUse) (setRecord, error) {
	at, err := allocCopy(&u.memory, c.Bits)
	return setRecord{kind: keepChosen, chosen: at}, err
}

func oneIf(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
