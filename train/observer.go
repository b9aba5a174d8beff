package train

import (
	"ergon/energy"
	"ergon/graph"
	"ergon/internal/parallel"
	"ergon/masks"
)

// observer looks at the activities and errors of a step for the ledger. It
// allocates only when a batch is larger than any before.
type observer struct {
	layers   []*graph.Layer
	pool     *parallel.Pool
	steps    []energy.Step
	inputs   []int32             // [B] active inputs of each presentation
	errors   [][]int32           // of each layer [B]
	active   [][]int32           // of each layer [B]
	activity [][]energy.Activity // of each layer [B]
	cached   []energy.Cached     // of each layer

	program *graph.Program // of the step in progress
	batch   int
	rows    int // presentations in a part
	open    int // presentations that the gate let through
	body    func(part int)
}

func newObserver(layers []*graph.Layer, pool *parallel.Pool) *observer {
	n := len(layers)
	o := &observer{
		layers: layers, pool: pool, steps: make([]energy.Step, n),
		errors: make([][]int32, n), active: make([][]int32, n), activity: make([][]energy.Activity, n),
		cached: make([]energy.Cached, n),
	}
	o.body = o.part
	return o
}

// observe returns what the step that p has just run did to each layer. It is
// valid until the next call.
func (o *observer) observe(p *graph.Program, updater *masks.Updater) []energy.Step {
	changes := updater.Changes()
	o.program, o.batch = p, p.Batch
	o.resize(p.Batch)
	widths := o.layers[0].In
	for _, l := range o.layers {
		widths += 2 * l.Out
	}
	o.open = p.Open()
	o.rows = max(1, (1<<16)/widths) // enough to be worth a goroutine's wake-up
	o.pool.Run((o.batch+o.rows-1)/o.rows, o.body)
	presynaptic := o.inputs
	for l := range o.steps {
		s := &o.steps[l]
		*s = energy.Step{Batch: o.batch, Open: o.open, M0: changes[l].M0, M0Stored: changes[l].Stored, M1: changes[l].M1}
		for b, active := range presynaptic {
			s.Presynaptic += int64(active)
			s.Errors += int64(o.errors[l][b])
			s.Pairs += int64(active) * int64(o.errors[l][b])
			s.Postsynaptic.Add(o.activity[l][b])
		}
		presynaptic = o.active[l]
	}
	o.observeCache(updater.Memory())
	return o.steps
}

// observeCache enters what the cache, if there is one, did to each layer.
func (o *observer) observeCache(memory masks.Memory) {
	if memory == nil {
		return
	}
	for l, c := range memory.Consolidations() {
		o.cached[l] = energy.Cached{M0Consolidated: c.M0, M1Consolidated: c.M1, TransientL1: c.Transient}
		o.steps[l].Cached = &o.cached[l]
	}
}

// part observes some presentations.
func (o *observer) part(part int) {
	lo := part * o.rows
	hi := min(lo+o.rows, o.batch)
	width := o.layers[0].In
	energy.Active(o.program.X[lo*width:hi*width], width, o.inputs[lo:hi])
	for l, layer := range o.layers {
		width := layer.Out
		if o.open > 0 {
			energy.Active(o.program.Error(l)[lo*width:hi*width], width, o.errors[l][lo:hi])
		} else {
			clear(o.errors[l][lo:hi])
		}
		energy.Observe(o.program.Postsynaptic(l)[lo*width:hi*width], width, o.activity[l][lo:hi])
		for b := lo; b < hi; b++ {
			o.active[l][b] = int32(o.activity[l][b].Units)
		}
	}
}

func (o *observer) resize(batch int) {
	o.inputs = resized(o.inputs, batch)
	for l := range o.layers {
		o.errors[l], o.active[l] = resized(o.errors[l], batch), resized(o.active[l], batch)
		o.activity[l] = resized(o.activity[l], batch)
	}
}

// resized returns a slice of length n, s's own storage where it suffices.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
