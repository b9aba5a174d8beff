package device

import (
	"ergon/internal/gpu"
	"ergon/masks"
)

// build allocates and uploads what stays on the device from step to step.
func (u *Updater) build() error {
	u.sets = make([][][]setUse, len(u.rules))
	u.units.first = map[unitsOf]int{}
	u.competitions.of = map[any]*competition{}
	for n, r := range u.rules {
		u.sets[n] = make([][]setUse, len(u.all))
		for _, m := range r.masks {
			u.use(n, m)
		}
	}
	for _, step := range []func() error{u.buildUnits, u.buildChunks, u.buildCompetitions, u.buildPlans, u.buildNorms, u.buildSteps} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// use lists the sets of a network's mask, array by array.
func (u *Updater) use(network int, m masks.DeviceMask) {
	for a, s := range u.all {
		if m.KeepsAll(s) {
			continue
		}
		sets := &u.sets[network][a]
		use := setUse{m.DeviceSet(s), network, a, m, len(*sets)}
		u.reserve(use)
		*sets = append(*sets, use)
	}
}

// buildUnits allocates the sets of units of maxSteps steps.
func (u *Updater) buildUnits() (err error) {
	u.units.host = make([]uint32, u.maxSteps*u.units.words)
	u.units.bits, err = alloc[uint32](&u.memory, len(u.units.host))
	return err
}

// buildChunks divides the arrays into chunks, those of masks.Chunks.
func (u *Updater) buildChunks() (err error) {
	var shapes []arrayRecord
	var chunks []chunkRecord
	for a, s := range u.all {
		n := s.In * s.Out
		shapes = append(shapes, arrayRecord{uint32(u.place.Layout.Offsets[a]), uint32(n), uint32(s.Out), uint32(s.Layer)})
		if !s.Bias {
			u.chunkEnds = append(u.chunkEnds, len(chunks))
		}
		for lo := 0; lo < n; lo += masks.ChunkSize {
			chunks = append(chunks, chunkRecord{uint32(a), uint32(lo)})
		}
	}
	u.chunkEnds = append(u.chunkEnds, len(chunks))
	ends := make([]uint32, len(u.chunkEnds))
	for l, end := range u.chunkEnds {
		ends[l] = uint32(end)
	}
	u.update = updateArgs{
		weights: u.place.Weights, gradients: u.place.Gradients, clock: u.place.Clock, halted: u.place.Halted,
		networks: uint32(len(u.rules)), arrayCount: uint32(len(u.all)), chunkCount: uint32(len(chunks)),
		layers: uint32(len(u.chunkEnds) - 1), stride: uint32(u.place.Layout.Size),
	}
	if u.update.arrays, err = allocCopy(&u.memory, shapes); err != nil {
		return err
	}
	if u.update.chunks, err = allocCopy(&u.memory, chunks); err != nil {
		return err
	}
	if u.update.ends, err = allocCopy(&u.memory, ends); err != nil {
		return err
	}
	u.tallies, err = alloc[tallyRecord](&u.memory, len(u.rules)*len(chunks))
	u.update.tallies = u.tallies.Pointer
	return err
}

// buildPlans uploads the plan of each network for each array: masks, optimizer, clip.
func (u *Updater) buildPlans() (err error) {
	var plans []planRecord
	for n, r := range u.rules {
		form := r.optimizer.DeviceForm()
		remembered := make([]gpu.Array[float32], form.Kind)
		for i := range remembered {
			if remembered[i], err = alloc[float32](&u.memory, u.place.Layout.Size); err != nil {
				return err
			}
		}
		u.remembered = append(u.remembered, remembered)
		for a, s := range u.all {
			plan := planRecord{count: uint32(len(u.sets[n][a])), optimizer: form, bound: r.clip.Value[s.Layer], withinNorm: boundOf(r.clip)}
			if plan.sets, err = u.buildSets(u.sets[n][a]); err != nil {
				return err
			}
			if form.Kind >= masks.ByMomentum {
				plan.first = remembered[0].At(u.place.Layout.Offsets[a])
			}
			if form.Kind >= masks.ByAdam {
				plan.second = remembered[1].At(u.place.Layout.Offsets[a])
			}
			plans = append(plans, plan)
		}
	}
	u.update.plans, err = allocCopy(&u.memory, plans)
	return err
}

// buildSets uploads the records of an array's sets and returns their address; 0 if
// there are none.
func (u *Updater) buildSets(uses []setUse) (gpu.Pointer, error) {
	if len(uses) == 0 {
		return 0, nil
	}
	var records []setRecord
	for _, use := range uses {
		r, err := u.record(use)
		if err != nil {
			return 0, err
		}
		records = append(records, r)
	}
	return allocCopy(&u.memory, records)
}

// buildSteps allocates the step records of maxSteps steps.
func (u *Updater) buildSteps() (err error) {
	u.steps, err = alloc[stepRecord](&u.memory, u.maxSteps*len(u.rules))
	u.update.steps = u.steps.Pointer
	return err
}
