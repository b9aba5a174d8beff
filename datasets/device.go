package datasets

import (
	"errors"
	"fmt"
	"math"

	"ergon/internal/gpu"
)

// DeviceSets are sets of the same sizes on a device, one for each of several
// networks. Networks that learn from the same Set share its memory.
type DeviceSets struct {
	device          gpu.Device
	first           *Set
	sources         gpu.Array[deviceSource]
	labels          gpu.Array[gpu.Pointer] // of each network; the pointers are 0 for real-valued targets
	memory          []freer
	inputs, outputs int
}

// deviceSource is gather.cu's Source.
type deviceSource struct{ pixels, table, values, labels, targets gpu.Pointer }

type freer interface{ Free() error }

// Upload copies the sets to a device. It fails if they differ in size, or do not fit.
func Upload(d gpu.Device, sets []*Set) (*DeviceSets, error) {
	first := sets[0]
	u := &DeviceSets{device: d, first: first, inputs: first.inputs, outputs: first.outputs}
	known := map[*Set]deviceSource{}
	all, labels := make([]deviceSource, len(sets)), make([]gpu.Pointer, len(sets))
	for i, s := range sets {
		if s.n != first.n || s.inputs != first.inputs || s.outputs != first.outputs || s.margin != first.margin || (s.labels == nil) != (first.labels == nil) {
			return nil, errDifferent
		}
		on, ok := known[s]
		if !ok {
			var err error
			if on, err = u.upload(s); err != nil {
				return nil, closing(u, err)
			}
			known[s] = on
		}
		all[i], labels[i] = on, on.labels
	}
	var err error
	if u.sources, err = keep(u, all); err != nil {
		return nil, closing(u, err)
	}
	if u.labels, err = keep(u, labels); err != nil {
		return nil, closing(u, err)
	}
	return u, nil
}

var errDifferent = errors.New("datasets: sets of different shapes cannot be learned from side by side")

// upload copies one set.
func (u *DeviceSets) upload(s *Set) (on deviceSource, err error) {
	if on.pixels, on.table, on.values, err = s.rows.upload(u); err != nil {
		return on, err
	}
	if s.targets != nil {
		targets, err := keep(u, s.targets)
		if on.targets = targets.Pointer; err != nil {
			return on, err
		}
	}
	if s.labels != nil {
		labels, err := keep(u, s.labels)
		if on.labels = labels.Pointer; err != nil {
			return on, err
		}
	}
	return on, nil
}

func (r *byteRows) upload(u *DeviceSets) (pixels, table, values gpu.Pointer, err error) {
	p, err := keep(u, r.pixels)
	if err != nil {
		return 0, 0, 0, err
	}
	t, err := keep(u, r.table[:])
	return p.Pointer, t.Pointer, 0, err
}

func (r *floatRows) upload(u *DeviceSets) (pixels, table, values gpu.Pointer, err error) {
	v, err := keep(u, r.values)
	return 0, 0, v.Pointer, err
}

// upload draws all rows, which the device then holds, and the host does not.
func (r *noisyRows) upload(u *DeviceSets) (pixels, table, values gpu.Pointer, err error) {
	return r.all().upload(u)
}

// keep copies values to the device, to be freed with the sets.
func keep[T any](u *DeviceSets, values []T) (gpu.Array[T], error) {
	a, err := gpu.NewFrom(u.device, values)
	if err == nil {
		u.memory = append(u.memory, a)
	}
	return a, err
}

// closing frees what there is of u after an error.
func closing(u *DeviceSets, err error) error {
	_ = u.Close() // the first error says more
	return err
}

// Batch says which examples are gathered, and to where.
type Batch struct {
	X, Target  gpu.Pointer // float32 [networks][Size,Width] and [networks][Size,Outputs]
	Size       int         // presentations
	Width      int         // columns of X; those from Inputs on are left untouched
	Examples   gpu.Pointer // int32: presentation b of network s in step t is number t·PerStep + s·PerNetwork + b
	PerStep    int
	PerNetwork int
	Clock      gpu.Pointer // uint32: t
}

// gatherArguments is gather.cu's Gather.
type gatherArguments struct {
	x, target, sources, examples, clock                gpu.Pointer
	batch, width, inputs, outputs, perStep, perNetwork int32
	margin                                             float32
}

// Gather queues the copying of a batch for each network.
func (u *DeviceSets) Gather(b Batch) error {
	if n := b.Size * max(b.Width, u.outputs); n > math.MaxInt32 {
		return fmt.Errorf("datasets: a batch of %d presentations has %d numbers, more than a launch can count", b.Size, n)
	}
	return gpu.Launch(u.device, "gather", gpu.Blocks(b.Size*max(u.inputs, u.outputs)), u.sources.Len(), gatherArguments{
		b.X, b.Target, u.sources.Pointer, b.Examples, b.Clock,
		int32(b.Size), int32(b.Width), int32(u.inputs), int32(u.outputs), int32(b.PerStep), int32(b.PerNetwork),
		u.first.margin,
	})
}

// Labels returns, on the device, the address of each network's classes, bytes
// in the order of the examples; the addresses are 0 for real-valued targets.
func (u *DeviceSets) Labels() gpu.Pointer { return u.labels.Pointer }

// Close frees the memory.
func (u *DeviceSets) Close() (err error) {
	for _, m := range u.memory {
		if freed := m.Free(); err == nil {
			err = freed
		}
	}
	u.memory = nil
	return err
}
