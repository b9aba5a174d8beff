package sweep

import (
	"runtime"

	"ergon/graph/engine"
	"ergon/train"
)

// networksPerGPU is the default number of networks that a GPU trains side by side: a
// single one of MNIST's size cannot fill it.
const networksPerGPU = 64

// plan says how outstanding cells are run: in groups, as many groups at the same time as
// there are workers.
type plan struct {
	groups  [][]*Outcome
	workers int
}

// newPlan groups cells that a GPU can train side by side, up to jobs of them (0:
// networksPerGPU). One such group runs at a time, because it takes all of the GPU.
// Without a GPU every cell is a group of its own, and jobs of them run at the same time
// (0: one for each core).
func newPlan(waiting []*Outcome, jobs int) (p plan) {
	together, atOnce := jobs, jobs
	if jobs <= 0 {
		together, atOnce = networksPerGPU, runtime.GOMAXPROCS(0)
	}
	onGPU := map[engine.Spec]bool{} // known so far: to ask may take a moment
	open := map[string]int{}        // by shape: the group that is not full yet
	for _, o := range waiting {
		engine := o.Config.Engine
		if _, known := onGPU[engine]; !known {
			onGPU[engine] = engine.OnGPU()
		}
		if !onGPU[engine] {
			p.groups = append(p.groups, []*Outcome{o})
			continue
		}
		atOnce = 1
		shape := train.Shape(o.Config)
		at, ok := open[shape]
		if !ok || len(p.groups[at]) >= together {
			at = len(p.groups)
			open[shape] = at
			p.groups = append(p.groups, nil)
		}
		p.groups[at] = append(p.groups[at], o)
	}
	p.workers = min(atOnce, len(p.groups))
	return p
}
