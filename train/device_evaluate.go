package train

import (
	"errors"

	"ergon/datasets"
	"ergon/graph"
	"ergon/internal/gpu"
)

// deviceEvaluator runs networks on the device over a set each, all at once.
type deviceEvaluator struct {
	device      gpu.Device
	examples    int
	labelled    bool
	scores      gpu.Array[score]  // [networks]
	clock       gpu.Array[uint32] // batches scored
	full        gpu.Graph         // one batch
	batches     int               // full ones
	rest        gpu.Graph         // the last, short batch; nil if there is none
	after       int               // steps after which the evaluations were made; -1: none were
	fetched     []score
	evaluations []Evaluation // of each run
}

// score is the counterpart of score.cu's Score.
type score struct {
	loss    float64
	correct uint64
}

// scoreArguments is the counterpart of score.cu's Scoring.
type scoreArguments struct {
	scores, output, loss, labels, clock, done gpu.Pointer
	batch, outputs, full, networks            int32
}

// newDeviceEvaluator returns the evaluator of sets, one for each run of d.
func newDeviceEvaluator(d *deviceDriver, sets []*datasets.Set) (e *deviceEvaluator, err error) {
	n, networks := sets[0].Len(), len(sets)
	e = &deviceEvaluator{device: d.device, examples: n, labelled: sets[0].Labels() != nil, after: -1}
	e.fetched, e.evaluations = make([]score, networks), make([]Evaluation, networks)
	data, err := datasets.Upload(d.device, sets)
	if err != nil {
		return nil, err
	}
	d.memory.keep(data.Close)
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	examples, done := allocCopy(&d.memory, order), alloc[uint32](&d.memory, 1)
	e.scores, e.clock = alloc[score](&d.memory, networks), alloc[uint32](&d.memory, 1)
	if d.memory.err != nil {
		return nil, d.memory.err
	}
	batch := min(n, evaluationBatch)
	record := func(size int) (gpu.Graph, error) {
		return e.record(d, data, size, datasets.Batch{
			Size: size, Width: d.runs[0].Model.InputWidth(), Examples: examples.Pointer, PerStep: batch, Clock: e.clock.Pointer,
		}, scoreArguments{
			scores: e.scores.Pointer, labels: data.Labels(), clock: e.clock.Pointer, done: done.Pointer,
			batch: int32(size), outputs: int32(sets[0].Outputs()), full: int32(batch), networks: int32(networks),
		})
	}
	e.batches = n / batch
	if e.full, err = record(batch); err != nil {
		return nil, err
	}
	if rest := n % batch; rest > 0 {
		e.rest, err = record(rest)
	}
	return e, err
}

// record records a batch: gather, forward, score.
func (e *deviceEvaluator) record(d *deviceDriver, data *datasets.DeviceSets, size int, batch datasets.Batch, arguments scoreArguments) (gpu.Graph, error) {
	program, err := graph.Lower(d.runs[0].Model, d.device, d.place, size, false)
	if err != nil {
		return nil, err
	}
	d.memory.keep(program.Close)
	batch.X, batch.Target = program.X(), program.Target()
	arguments.output, arguments.loss = program.Postsynaptic(d.layers-1), program.Loss()
	work := func() error {
		if err := data.Gather(batch); err != nil {
			return err
		}
		if err := program.Queue(); err != nil {
			return err
		}
		return gpu.Launch(e.device, "score", 1, len(d.runs), arguments)
	}
	if err := errors.Join(e.clock.Zero(), work()); err != nil { // warm up, as warmUp says
		return nil, err
	}
	g, err := d.device.Capture(work)
	if err == nil {
		d.memory.keep(g.Close)
	}
	return g, err
}

// evaluate evaluates all networks after so many steps, unless that was done already.
func (e *deviceEvaluator) evaluate(steps int) error {
	if steps == e.after {
		return nil
	}
	if err := e.scores.Zero(); err != nil {
		return err
	}
	if err := e.clock.Zero(); err != nil {
		return err
	}
	for range e.batches {
		if err := e.full.Launch(); err != nil {
			return err
		}
	}
	if e.rest != nil {
		if err := e.rest.Launch(); err != nil {
			return err
		}
	}
	if err := e.scores.Download(e.fetched); err != nil {
		return err
	}
	for i, score := range e.fetched {
		e.evaluations[i] = Evaluation{Loss: score.loss / float64(e.examples)}
		if e.labelled {
			accuracy := float64(score.correct) / float64(e.examples)
			e.evaluations[i].Accuracy = &accuracy
		}
	}
	e.after = steps
	return nil
}
