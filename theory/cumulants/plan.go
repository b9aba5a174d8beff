package cumulants

import (
	"context"
	"fmt"
	"runtime"

	"ergon/internal/parallel"
	"ergon/internal/philox"
	"ergon/masks/cpu"
)

// Plan is what is measured at a step of a run.
type Plan struct {
	Windows  []int  // numbers of steps, ascending
	Replicas int    // 0: prediction alone; else 3 or more
	Tangents int    // draws of the response to noise
	Seed     uint64 // of the masks
}

// Walks returns how many steps a plan takes, over all its walks.
func (p *Plan) Walks() int { return p.Windows[len(p.Windows)-1] * (1 + p.Tangents + p.Replicas) }

// Measure looks at the steps to come. Its result depends on plan and run alone,
// not on the number of cores. done is called after each step of each walk.
func (r *Run) Measure(ctx context.Context, plan Plan, done func()) ([]Window, error) {
	e, err := r.experiment(plan)
	defer e.close()
	if err != nil {
		return nil, err
	}
	var windows []Window
	walked := 0
	for _, window := range plan.Windows {
		if err := e.walk(ctx, walked, window, done); err != nil {
			return nil, err
		}
		walked = window
		windows = append(windows, Window{window, e.layers()})
	}
	return windows, nil
}

// mostMemory is what an experiment may take, in bytes.
const mostMemory = 4 << 30

// memory estimates what a plan takes, in bytes: for each synapse 28 for the path,
// 76 for a tangent, 4 for a replica and 16 for a machine.
func (r *Run) memory(plan Plan, machines int) (bytes float64) {
	for _, p := range r.Law.Fractions {
		bytes += float64(len(p)) * float64(28+76*plan.Tangents+4*plan.Replicas+16*machines)
	}
	return bytes
}

// experiment is a plan on its way, from a step of a run.
type experiment struct {
	run      *Run
	path     *path
	tangents []*tangent
	replicas []*replica
	pool     *parallel.Pool
	machines chan *machine // those that nobody works on
}

// experiment prepares what a plan needs. Close it, also after an error.
func (r *Run) experiment(plan Plan) (*experiment, error) {
	cores := runtime.GOMAXPROCS(0)
	e := &experiment{run: r, machines: make(chan *machine, cores)}
	if bytes := r.memory(plan, cores); bytes > mostMemory {
		return e, fmt.Errorf("simulate: %d replicas of this network and %d tangents take %.1f GB, more than 4; give fewer", plan.Replicas, plan.Tangents, bytes/1e9)
	}
	e.pool = parallel.New(cores)
	for range cores {
		m, err := newMachine(r.config, r.run.Data)
		if err != nil {
			return e, err
		}
		e.machines <- m
	}
	return e, e.populate(plan)
}

// populate makes path, tangents and replicas. Masks of number k are drawn from a
// seed of their own.
func (e *experiment) populate(plan Plan) error {
	const ofReplicas, ofTangents = 0, 1
	from, net, rule := copied(arrays(e.run.run.Model)), e.run.network(), e.run.config.Rule
	seeds := philox.New(plan.Seed, fmt.Sprintf("cumulants/at/%d", e.run.run.Steps))
	e.path = newPath(e.run.Law, from)
	for k := range uint64(plan.Tangents) {
		mask, err := newDraw(rule.Mask, net, seeds.Uint64(ofTangents, k))
		if err != nil {
			return err
		}
		e.tangents = append(e.tangents, newTangent(e.run.Law, from, mask))
	}
	for k := range uint64(plan.Replicas) {
		updater, err := cpu.NewUpdater(rule, net, seeds.Uint64(ofReplicas, k), nil)
		if err != nil {
			return err
		}
		e.replicas = append(e.replicas, &replica{copied(from), updater})
	}
	return nil
}

// close releases cores and machines.
func (e *experiment) close() {
	e.pool.Close()
	close(e.machines)
	for m := range e.machines {
		m.engine.Close()
	}
}
