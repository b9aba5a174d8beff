package device

import (
	"math"

	"ergon/masks"
)

// boundOf returns the kernels' constant for the vector that the clip by norm bounds; 0
// if there is no such clip.
func boundOf(l masks.Limits) uint32 {
	switch {
	case math.IsInf(l.Norm, 1):
		return 0
	case l.PerLayer:
		return perLayer
	}
	return perNetwork
}

// buildNorms allocates the updates that a clip by norm scales, and their squared
// lengths.
func (u *Updater) buildNorms() (err error) {
	norms := make([]float64, len(u.rules))
	some := false
	for n, r := range u.rules {
		norms[n] = r.clip.Norm
		if boundOf(r.clip) == 0 {
			u.fused = true
		} else {
			some = true
		}
	}
	if !some {
		return nil
	}
	if u.update.norms, err = allocCopy(&u.memory, norms); err != nil {
		return err
	}
	proposed, err := alloc[float32](&u.memory, len(u.rules)*u.place.Layout.Size)
	if err != nil {
		return err
	}
	squares, err := alloc[float64](&u.memory, len(u.rules)*u.Chunks())
	if err != nil {
		return err
	}
	scales, err := alloc[float32](&u.memory, len(u.rules)*(len(u.chunkEnds)-1))
	u.update.proposed, u.update.squares, u.update.scales = proposed.Pointer, squares.Pointer, scales.Pointer
	return err
}
