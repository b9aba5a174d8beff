package reference

import (
	"math"
	"slices"

	"ergon/masks"
)

// The terms of ΔJ = clip(-η M ⊙ ∂L/∂J), J ← J + ΔJ, in the order of their computation.

// masked returns the optimizer's update -η M ⊙ ∂L/∂J of each array, and lets the
// transmission learn.
func (r *Updater) masked() [][]float32 {
	update := make([][]float32, len(r.all))
	r.usage = make([]masks.Usage, r.layers)
	for a, s := range r.all {
		update[a] = make([]float32, len(s.Weights))
		mask := r.mask(s)
		for i, keep := range mask {
			if keep {
				update[a][i] = r.optimizer.Update(a, i, s.Gradient[i])
				r.usage[s.Layer].Kept++
			}
		}
		if r.transmission != nil {
			learn(r.transmission, a, mask)
		}
	}
	if r.transmission != nil {
		r.transmission.End()
	}
	return update
}

// mask returns M of one array: the intersection of all masks.
func (r *Updater) mask(s *masks.Synapses) []bool {
	kept := make([]bool, len(s.Weights))
	for i := range kept {
		kept[i] = true
		for _, m := range r.masks {
			if !m.KeepsAll(s) && len(m.Select(s, i, i+1, nil)) == 0 {
				kept[i] = false
			}
		}
	}
	return kept
}

// learn updates the transmission's parameters of the synapses of an array that a mask
// keeps, chunk by chunk.
func learn(t masks.Transmission, array int, mask []bool) {
	for lo := 0; lo < len(mask); lo += masks.ChunkSize {
		hi, kept := min(lo+masks.ChunkSize, len(mask)), []int32(nil)
		for i := lo; i < hi; i++ {
			if mask[i] {
				kept = append(kept, int32(i))
			}
		}
		t.Learn(array, lo, hi, kept, false)
	}
}

// clip scales each update vector that is too long, then clamps each Δw.
func (r *Updater) clip(update [][]float32) {
	scales := r.scales(update)
	for a, delta := range update {
		layer := r.all[a].Layer
		scale, bound := scales[layer], r.limits.Value[layer]
		for i := range delta {
			delta[i] *= scale
			if delta[i] > bound {
				delta[i] = bound
			}
			if delta[i] < -bound {
				delta[i] = 0 - bound // 0 where the bound is 0, and not -0
			}
		}
	}
}

// scales returns the factor by which the clip by norm multiplies each layer's update.
func (r *Updater) scales(update [][]float32) []float32 {
	scales := make([]float32, r.layers)
	for l := range scales {
		var vector [][]float32 // the update vector that the layer belongs to
		for a, s := range r.all {
			if s.Layer == l || !r.limits.PerLayer {
				vector = append(vector, update[a])
			}
		}
		scales[l] = 1
		if length := norm(vector); length > r.limits.Norm {
			scales[l] = float32(r.limits.Norm / length)
		}
	}
	return scales
}

// norm returns the Euclidean length of arrays as one vector.
func norm(arrays [][]float32) float64 { return math.Sqrt(squared(arrays)) }

// squared returns the sum of squares over arrays. It adds chunk by chunk, so that what
// follows from it has the same bits as in cpu.Updater.
func squared(arrays [][]float32) (square float64) {
	for _, a := range arrays {
		for chunk := range slices.Chunk(a, masks.ChunkSize) {
			var lanes [masks.SquareLanes]float64
			for i, x := range chunk {
				lanes[i%masks.SquareLanes] += float64(x) * float64(x)
			}
			square += masks.AddSquares(&lanes)
		}
	}
	return square
}

// pay pays for the update, or makes it 0, as if the gate had been shut.
func (r *Updater) pay(update [][]float32) {
	if r.reserve == nil {
		return
	}
	price := make([]masks.Change, r.layers)
	for a, s := range r.all {
		for _, d := range update[a] {
			if d != 0 {
				price[s.Layer].Add(masks.Change{M0: 1, M1: math.Abs(float64(d))})
			}
		}
	}
	r.reserve.Gain(max(1, r.presented.Batch))
	if r.reserve.Pay(price) {
		return
	}
	for _, delta := range update {
		clear(delta)
	}
	r.usage = make([]masks.Usage, r.layers)
	r.optimizer.(masks.Revocable).Revoke()
}

// apply adds the update to the weights, J ← J + ΔJ, or to accumulators in their place, and
// counts what it changes.
func (r *Updater) apply(update [][]float32) {
	r.changes, r.magnitudes = make([]masks.Change, r.layers), make([]float64, r.layers)
	for a, s := range r.all {
		target := masks.TargetOf(r.memory, s)
		for i, d := range update[a] {
			if d == 0 {
				continue
			}
			before := target[i]
			target[i] = before + d
			work := -float64(d) * float64(s.Gradient[i])
			change := masks.Change{M0: 1, M1: math.Abs(float64(d)), Work: work}
			r.magnitudes[s.Layer] += math.Abs(work)
			if target[i] != before {
				change.Stored = 1
			}
			if !r.byMemory && !slices.Contains(r.projection.all, s) {
				r.writes.Counts.Add(a, i)
			}
			r.changes[s.Layer].Add(change)
		}
	}
}
