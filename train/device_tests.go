package train

import (
	"errors"

	"ergon/datasets"
	"ergon/graph"
	"ergon/internal/gpu"
)

// deviceTests runs networks over their test sets on the device.
type deviceTests struct {
	device      gpu.Device
	examples    int
	labelled    bool
	scores      gpu.Array[score]  // [networks]
	clock       gpu.Array[uint32] // batches scored
	full        gpu.Graph         // a batch
	batches     int               // full ones
	rest        gpu.Graph         // the last, short batch; nil if there is none
	after       int               // steps after which the evaluations were made
	fetched     []score
	evaluations []Evaluation // of each run
}

// score is score.cu's Score.
type score struct {
	loss    float64
	correct uint64
}

// scoreArguments is score.cu's Scoring.
type scoreArguments struct {
	scores, output, loss, labels, clock, done gpu.Pointer
	batch, outputs, full, networks            int32
}

func newDeviceTests(s *deviceStepper) (t *deviceTests, err error) {
	var sets []*datasets.Set
	for _, r := range s.runs {
		sets = append(sets, r.Data.Test)
	}
	n, networks := sets[0].Len(), len(sets)
	t = &deviceTests{device: s.device, examples: n, labelled: sets[0].Labels() != nil, after: -1}
	t.fetched, t.evaluations = make([]score, networks), make([]Evaluation, networks)
	data, err := datasets.Upload(s.device, sets)
	if err != nil {
		return nil, err
	}
	s.memory.keep(data.Close)
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	examples, done := filled(&s.memory, order), room[uint32](&s.memory, 1)
	t.scores, t.clock = room[score](&s.memory, networks), room[uint32](&s.memory, 1)
	if s.memory.err != nil {
		return nil, s.memory.err
	}
	batch := min(n, evaluationBatch)
	record := func(size int) (gpu.Graph, error) {
		return t.record(s, data, size, datasets.Batch{
			Size: size, Width: s.runs[0].Model.InputWidth(), Examples: examples.Pointer, PerStep: batch, Clock: t.clock.Pointer,
		}, scoreArguments{
			scores: t.scores.Pointer, labels: data.Labels(), clock: t.clock.Pointer, done: done.Pointer,
			batch: int32(size), outputs: int32(sets[0].Outputs()), full: int32(batch), networks: int32(networks),
		})
	}
	t.batches = n / batch
	if t.full, err = record(batch); err != nil {
		return nil, err
	}
	if rest := n % batch; rest > 0 {
		t.rest, err = record(rest)
	}
	return t, err
}

// record records a batch: gather, forward, score.
func (t *deviceTests) record(s *deviceStepper, data *datasets.DeviceSets, size int, batch datasets.Batch, arguments scoreArguments) (gpu.Graph, error) {
	program, err := graph.Lower(s.runs[0].Model, s.device, s.place, size, false)
	if err != nil {
		return nil, err
	}
	s.memory.keep(program.Close)
	batch.X, batch.Target = program.X(), program.Target()
	arguments.output, arguments.loss = program.Postsynaptic(s.layers-1), program.Loss()
	work := func() error {
		if err := data.Gather(batch); err != nil {
			return err
		}
		if err := program.Queue(); err != nil {
			return err
		}
		return gpu.Launch(t.device, "score", 1, len(s.runs), arguments)
	}
	if err := errors.Join(t.clock.Zero(), work()); err != nil { // a rehearsal, as of devicePass
		return nil, err
	}
	g, err := s.device.Capture(work)
	if err == nil {
		s.memory.keep(g.Close)
	}
	return g, err
}

// evaluate evaluates all networks after so many steps, unless it just did.
func (t *deviceTests) evaluate(steps int) error {
	if steps == t.after {
		return nil
	}
	if err := t.scores.Zero(); err != nil {
		return err
	}
	if err := t.clock.Zero(); err != nil {
		return err
	}
	for range t.batches {
		if err := t.full.Launch(); err != nil {
			return err
		}
	}
	if t.rest != nil {
		if err := t.rest.Launch(); err != nil {
			return err
		}
	}
	if err := t.scores.Download(t.fetched); err != nil {
		return err
	}
	for i, score := range t.fetched {
		t.evaluations[i] = Evaluation{Loss: score.loss / float64(t.examples)}
		if t.labelled {
			accuracy := float64(score.correct) / float64(t.examples)
			t.evaluations[i].Accuracy = &accuracy
		}
	}
	t.after = steps
	return nil
}
