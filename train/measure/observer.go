package measure

import (
	"ergon/energy"
	"ergon/graph"
	"ergon/internal/parallel"
	"ergon/masks"
)

// Observer counts the activities and errors of a step for the ledger. It allocates only
// when a batch is larger than any before.
type Observer struct {
	layers   []*graph.Layer
	pool     *parallel.Pool
	steps    []energy.Step
	inputs   [][]int32           // of each layer [B·Rows]: active inputs
	errors   [][]int32           // of each layer [B·Rows]: errors that are not zero
	activity [][]energy.Activity // of each layer [B]
	cached   []energy.Cached     // of each layer

	program   *graph.Program // of the step in progress
	active    []int32        // of its presentations [B]: active inputs; nil: to be counted
	batch     int
	chunkRows int // presentations of a chunk
	open      int // presentations that the gate let through
	body      func(i int)
}

// NewObserver returns an observer of a model's layers, which divides presentations among
// the workers of pool.
func NewObserver(layers []*graph.Layer, pool *parallel.Pool) *Observer {
	n := len(layers)
	o := &Observer{
		layers: layers, pool: pool, steps: make([]energy.Step, n),
		inputs: make([][]int32, n), errors: make([][]int32, n), activity: make([][]energy.Activity, n),
		cached: make([]energy.Cached, n),
	}
	o.body = o.chunk
	return o
}

// Learned is what a rule did in a step, by layer.
type Learned struct {
	Changes     []masks.Change
	Traffic     []masks.Traffic // of the rule's memory
	Accumulated []masks.Accumulation
	Bits        func(layer int) int64 // of what is accumulated
	Memory      masks.Memory          // of the cache; nil without one
}

// Observe returns what the step that p has just run did, for each layer. active is the
// number of inputs that are not zero [B], nil if it is not known. The result is valid until
// the next call.
func (o *Observer) Observe(p *graph.Program, active []int32, by Learned) []energy.Step {
	o.program, o.active, o.batch = p, active, p.Presented()
	o.resize(o.batch)
	widths := 0
	if active == nil {
		widths = o.layers[0].In * o.layers[0].Rows()
	}
	for _, l := range o.layers {
		widths += 2 * l.Units()
	}
	o.open = p.Open()
	o.chunkRows = max(1, (1<<14)/widths) // enough to be worth a goroutine's wake-up
	o.pool.Run((o.batch+o.chunkRows-1)/o.chunkRows, o.body)
	_, oneByOne := by.Memory.(masks.FactorLearner)
	for l := range o.steps {
		s := &o.steps[l]
		change, traffic, accumulated := by.Changes[l], by.Traffic[l], by.Accumulated[l]
		*s = energy.Step{Batch: p.Batch, Rows: o.rows(), Open: o.open, M0: change.M0, M0Stored: change.Stored, M1: change.M1, MemoryReads: traffic.Reads, MemoryWrites: traffic.Writes, OneByOne: oneByOne}
		s.Accumulate = energy.Accumulate{
			Updates: accumulated.Updates, Amount: accumulated.Amount, Bits: by.Bits(l), Reads: accumulated.Reads, Writes: accumulated.Writes,
		}
		for row, active := range o.inputs[l] {
			s.Presynaptic += int64(active)
			s.Errors += int64(o.errors[l][row])
			s.Pairs += o.pairs(l, int64(active), int64(o.errors[l][row]))
		}
		for _, a := range o.activity[l] {
			s.Postsynaptic.Add(a)
		}
	}
	o.observeCache(by.Memory)
	return o.steps
}

// pairs returns how many pairs of an active input and a non-zero error synapses of layer l
// join.
func (o *Observer) pairs(l int, active, errors int64) int64 {
	if o.layers[l].Triangular { // the units are the inputs, too
		return active * (active - 1) / 2
	}
	return active * errors
}

// rows returns how many rows went through the passes, if samples of the model did, too.
func (o *Observer) rows() int {
	if o.batch == o.program.Batch {
		return 0
	}
	return o.batch
}

// observeCache adds what the cache did to each layer, if there is one, and its changes are of a
// transient part of the weights.
func (o *Observer) observeCache(memory masks.Memory) {
	if _, ok := memory.(masks.Accumulator); ok || memory == nil {
		return
	}
	for l, c := range memory.Consolidations() {
		o.cached[l] = energy.Cached{M0Consolidated: c.M0, M1Consolidated: c.M1, TransientL1: c.Transient}
		o.steps[l].Cached = &o.cached[l]
	}
}

// chunk observes the i-th chunk of presentations.
func (o *Observer) chunk(i int) {
	lo := i * o.chunkRows
	hi := min(lo+o.chunkRows, o.batch)
	for l, layer := range o.layers {
		from, to, units := lo*layer.Rows(), hi*layer.Rows(), layer.Units()
		o.countInputs(l, lo, hi)
		if o.open > 0 {
			energy.Active(o.program.Error(l)[from*layer.Out:to*layer.Out], layer.Out, o.errors[l][from:to])
		} else {
			clear(o.errors[l][from:to])
		}
		energy.Observe(o.program.Postsynaptic(l)[lo*units:hi*units], units, o.activity[l][lo:hi])
	}
}

// countInputs counts the active inputs of layer l in presentations lo … hi-1. The count
// may be known: of the data, and of the activity of the layer below, which was observed
// before.
func (o *Observer) countInputs(l, lo, hi int) {
	width, rows := o.layers[l].In, o.layers[l].Rows()
	active := o.inputs[l][lo*rows : hi*rows]
	if o.program.ActivePatches(l, lo, hi, active) {
		return
	}
	x := o.program.Presynaptic(l)
	if l > 0 && &x[0] == &o.program.Postsynaptic(l - 1)[0] {
		for b := lo; b < hi; b++ {
			o.inputs[l][b] = int32(o.activity[l-1][b].Units)
		}
		return
	}
	if l == 0 && o.active != nil {
		copy(active, o.active[lo:hi])
		return
	}
	energy.Active(x[lo*width:hi*width], width, active)
}

// resize makes room for a batch.
func (o *Observer) resize(batch int) {
	for l, layer := range o.layers {
		rows := batch * layer.Rows()
		o.inputs[l], o.errors[l] = resized(o.inputs[l], rows), resized(o.errors[l], rows)
		o.activity[l] = resized(o.activity[l], batch)
	}
}

// resized returns a slice of length n, in the storage of s if it suffices. Its contents
// are arbitrary.
func resized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
