package sweep

import (
	"runtime"

	"ergon/train"
)

// abreast is how many networks a GPU trains side by side, unless told
// otherwise: one of MNIST's size cannot fill it.
const abreast = 64

// groups puts cells that a GPU can train side by side together, up to limit of
// them (0: as many as are good); the others are groups of one.
func groups(waiting []*Outcome, limit int) (all [][]*Outcome) {
	if limit <= 0 {
		limit = abreast
	}
	open := map[string]int{} // by shape: the group that is not full yet
	for _, o := range waiting {
		if !o.Config.Engine.MayUseGPU() {
			all = append(all, []*Outcome{o})
			continue
		}
		shape := train.Shape(o.Config)
		at, ok := open[shape]
		if !ok || len(all[at]) >= limit {
			at = len(all)
			open[shape] = at
			all = append(all, nil)
		}
		all[at] = append(all[at], o)
	}
	return all
}

// workers returns how many groups are run at the same time: one on a GPU,
// which works on all cells of a group at once.
func workers(groups [][]*Outcome, jobs int) int {
	for _, g := range groups {
		if g[0].Config.Engine.MayUseGPU() {
			return 1
		}
	}
	if jobs <= 0 {
		jobs = runtime.GOMAXPROCS(0)
	}
	return min(jobs, len(groups))
}
