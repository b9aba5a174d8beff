package masks

import (
	"math"

	"ergon/internal/philox"
)

// deviceSet is a set of synapses of an array in the kernels' words: nothing,
// below, between, chosen or winning. kept.cuh has what they mean.
type deviceSet interface {
	// reserve notes what the set needs on the device from step to step.
	reserve(u *DeviceUpdater, at setUse)
	// record puts on the device what stays, and returns what kernels read.
	record(u *DeviceUpdater, at setUse) (setRecord, error)
}

// setUse is a set and whose it is.
type setUse struct {
	deviceSet
	network, array int
	mask           deviceMask
	before         int // sets of the array that are of masks listed before
}

// nothing keeps no synapse.
type nothing struct{}

func (nothing) reserve(*DeviceUpdater, setUse) {}

func (nothing) record(*DeviceUpdater, setUse) (setRecord, error) { return setRecord{}, nil }

// below keeps synapse i where word i of a step of a stream is below the
// threshold: of the step in progress if redrawn, else of step 0.
type below struct {
	stream    philox.Stream
	threshold uint64
	redrawn   bool
}

func (below) reserve(*DeviceUpdater, setUse) {}

func (b below) record(*DeviceUpdater, setUse) (setRecord, error) {
	if b.threshold > math.MaxUint32 { // every word is: between all units
		return setRecord{kind: keepBetween}, nil
	}
	key := b.stream.Key()
	return setRecord{kind: keepBelow, key0: key[0], key1: key[1], below: uint32(b.threshold), redrawn: oneIf(b.redrawn)}, nil
}

// chosen keeps the synapses whose bits are set, the same in every step.
type chosen struct{ bits []uint64 }

func (chosen) reserve(*DeviceUpdater, setUse) {}

func (c chosen) record(u *DeviceUpdater, _ setUse) (setRecord, error) {
	at, err := holdCopy(&u.memory, c.bits)
	return setRecord{kind: keepChosen, chosen: at}, err
}

func oneIf(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
