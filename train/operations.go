package train

import (
	"context"
	"time"

	"ergon/datasets"
	"ergon/energy"
	"ergon/graph"
	"ergon/train/rundir"
)

// operationsTo returns all operations up to now, when the run has reached a goal.
func operationsTo(r *Run, goal float64, samples int) rundir.GoalOperations {
	g := rundir.GoalOperations{
		Accuracy: goal, Samples: samples, Operations: r.Ledger.Operations(1),
		JoulesModel: map[string]rundir.StageJoules{},
	}
	for _, table := range r.prices {
		j, stages := table.Price(r.Ledger), rundir.StageJoules{}
		for _, s := range energy.Stages {
			if j.Includes(s) {
				stages[s] = j.Of(s)
			}
		}
		g.JoulesModel[table.Name] = stages
	}
	return g
}

// completeOperations fills in what is known at the end of the run. It runs the network
// over the test set once more; on a GPU, or where the run diverged or failed, what that
// would tell is null. So it is where the end of ctx comes, and then some time, before that is done.
func completeOperations(ctx context.Context, o *rundir.Operations, r *Run, status rundir.Status) {
	o.Training.PerSample = r.Ledger.Operations(float64(r.Samples))
	if o.Training.ToGoals == nil {
		o.Training.ToGoals = []rundir.GoalOperations{}
	}
	ctx, release := outliving(ctx, lastLook)
	defer release()
	census := newCensus(r.Model)
	if r.evaluator != nil && status != rundir.StatusDiverged && status != rundir.StatusFailed && r.evaluator.count(ctx, census, r.Steps) != nil {
		census = newCensus(r.Model) // drop what it saw of a part of the test set
	}
	o.Inference = census.Inference()
}

// lastLook is how long a run that was asked to end goes on looking at what its network
// does. The batch systems that wait least kill ten seconds after they ask, and weights and
// summary are to be on disk by then.
const lastLook = 4 * time.Second

// outliving returns a context that ends some time after ctx does.
func outliving(ctx context.Context, by time.Duration) (late context.Context, release func()) {
	late, end := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(by):
			end()
		case <-late.Done():
		}
	})
	return late, func() {
		stop()
		end()
	}
}

// newCensus returns a census of a model that has not seen activities yet.
func newCensus(m graph.Model) *energy.Census {
	c := new(energy.Census)
	for _, l := range m.Layers() {
		switch {
		case l.Tied:
		case l.Triangular:
			c.AddPairs(l.W, l.In, len(l.B))
		default:
			c.AddLayer(l.W, l.In, l.Out, len(l.B), l.Rows())
		}
	}
	return c
}

// count lets the census observe the whole test set, with the same noise as an
// evaluation after so many steps. When ctx ends it stops, with the error of ctx.
func (e *evaluator) count(ctx context.Context, census *energy.Census, steps int) error {
	for lo := 0; lo < len(e.order); lo += e.full.Batch {
		if err := ctx.Err(); err != nil {
			return err
		}
		p := e.full
		if len(e.order)-lo < p.Batch {
			p = e.rest
		}
		e.gatherer.gather(e.order[lo:lo+p.Batch], p)
		if err := e.run(p, e.draw(steps, lo)); err != nil {
			return err
		}
		for l := range p.Layers() {
			census.Observe(l, p.Presynaptic(l))
			if l+1 < p.Layers() {
				census.ObserveUnits(p.Postsynaptic(l))
			}
		}
	}
	return nil
}

// isBinary says whether all inputs of a set are -1, 0 or 1.
func isBinary(set *datasets.Set) bool {
	const rows = 256
	width := set.Inputs()
	x := make([]float32, rows*width)
	examples := make([]int32, 0, rows)
	for lo := 0; lo < set.Len(); lo += rows {
		examples = examples[:0]
		for i := lo; i < min(lo+rows, set.Len()); i++ {
			examples = append(examples, int32(i))
		}
		set.Gather(examples, x, width, nil)
		if !energy.Binary(x[:len(examples)*width]) {
			return false
		}
	}
	return true
}
