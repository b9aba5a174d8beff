package train

import (
	"ergon/masks"
	"ergon/masks/cpu"
	"ergon/train/rundir"
)

// learnedBy counts by which way the weights of each layer were learned.
type learnedBy []waysOfLayer

// waysOfLayer counts the steps of a layer by each way.
type waysOfLayer struct {
	Steps   [masks.Ways]int64 `json:"steps"`
	Because string            `json:"because"` // of the last step whose gradient was written
}

// add counts a step.
func (l *learnedBy) add(u *cpu.Updater) {
	for array, s := range u.Arrays() {
		if s.Bias {
			continue
		}
		for len(*l) <= s.Layer {
			*l = append(*l, waysOfLayer{})
		}
		layer, way := &(*l)[s.Layer], u.LearnedBy(array)
		layer.Steps[way]++
		if way == masks.FromAll {
			layer.Because = u.Because(array)
		}
	}
}

// LearnedBy returns in how many steps the weights of each layer were learned by which way; nil on an
// engine without ways.
func (r *Run) LearnedBy() (list []rundir.LearnedBy) {
	for layer, n := range r.learnedBy {
		list = append(list, rundir.LearnedBy{
			Layer: r.Model.Layers()[layer].Name, Factors: n.Steps[masks.FromFactors], Part: n.Steps[masks.FromPart],
			Blocks: n.Steps[masks.FromBlocks], Written: n.Steps[masks.FromAll], Because: n.Because,
		})
	}
	return list
}
