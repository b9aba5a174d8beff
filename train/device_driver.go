package train

import (
	"cmp"
	"context"
	"errors"

	"ergon/datasets"
	"ergon/graph"
	"ergon/internal/gpu"
	"ergon/masks"
	"ergon/masks/device"
)

// deviceDriver makes the steps of runs of one shape on a device, those of all runs at
// once. Data, weights, the optimizers' memory and the accounts of the steps stay on the
// device. Accounts are fetched after each runSteps, weights for an evaluation, and all that
// a run remembers for a snapshot and at the end.
type deviceDriver struct {
	device    gpu.Device
	runs      []*Run
	done      []bool // of each run: it has ended
	layers    int
	layout    gpu.Layout
	weights   gpu.Array[float32] // [networks][layout.Size]
	updater   *device.Updater
	batches   *deviceBatches
	passes    map[int]*devicePass // by batch size
	account   *deviceAccount
	clock     gpu.Array[uint32] // [1] steps made since runSteps was called
	halted    gpu.Array[uint32] // [networks] not 0: its weights stay as they are
	place     graph.DevicePlace
	evaluator *deviceEvaluator // of the test sets
	validator *deviceEvaluator // of what is held out; nil: nothing is
	flat      []float32        // [networks][layout.Size], as fetched
	memory    deviceMemory
}

var _ driver = (*deviceDriver)(nil)

// newDeviceDriver puts runs on a device.
func newDeviceDriver(d gpu.Device, runs []*Run) (*deviceDriver, error) {
	s := &deviceDriver{device: d, memory: deviceMemory{device: d}, runs: runs, done: make([]bool, len(runs)), layers: len(runs[0].Model.Layers()), passes: map[int]*devicePass{}}
	if err := s.build(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// build allocates and fills what the steps need.
func (d *deviceDriver) build() (err error) {
	var sizes []int
	for _, a := range d.runs[0].weights {
		sizes = append(sizes, len(a))
	}
	if err := sameStep(d.runs); err != nil {
		return err
	}
	networks := len(d.runs)
	d.layout = gpu.NewLayout(sizes)
	d.flat = make([]float32, networks*d.layout.Size)
	for i, r := range d.runs {
		d.layout.Pack(d.network(i), r.weights)
	}
	d.weights = allocCopy(&d.memory, d.flat)
	gradients := alloc[float32](&d.memory, len(d.flat))
	d.clock, d.halted = alloc[uint32](&d.memory, 1), alloc[uint32](&d.memory, networks)
	if d.memory.err != nil {
		return d.memory.err
	}
	d.place = graph.DevicePlace{Networks: networks, Layout: d.layout, Weights: d.weights.Pointer, Gradients: gradients.Pointer}
	if d.batches, err = newDeviceBatches(d); err != nil {
		return err
	}
	if d.updater, err = d.newUpdater(); err != nil {
		return err
	}
	if d.account, err = newDeviceAccount(d); err != nil {
		return err
	}
	return d.newEvaluators()
}

// newEvaluators makes the evaluators. The runs have one shape: all hold examples out, or
// none does.
func (d *deviceDriver) newEvaluators() (err error) {
	var test, validation []*datasets.Set
	for _, r := range d.runs {
		test, validation = append(test, r.Data.Test), append(validation, r.Data.Validation)
	}
	if d.evaluator, err = newDeviceEvaluator(d, test); err != nil || validation[0] == nil {
		return err
	}
	d.validator, err = newDeviceEvaluator(d, validation)
	return err
}

// newUpdater makes the updater of the runs' rules.
func (d *deviceDriver) newUpdater() (*device.Updater, error) {
	var rules []masks.Rule
	var nets []masks.Network
	var seeds []uint64
	for _, r := range d.runs {
		rules, nets, seeds = append(rules, r.Config.Rule), append(nets, r.network()), append(seeds, r.Config.Seed)
	}
	place := device.Place{
		Layout: d.layout, Weights: d.place.Weights, Gradients: d.place.Gradients,
		Clock: d.clock.Pointer, Halted: d.halted.Pointer,
	}
	u, err := device.NewUpdater(d.device, place, rules, nets, seeds, d.stepsAtOnce())
	if err != nil {
		return nil, err
	}
	d.memory.keep(u.Close)
	return u, d.send(u)
}

// network returns a network's weights in flat.
func (d *deviceDriver) network(i int) []float32 {
	return d.flat[i*d.layout.Size:][:d.layout.Size]
}

// stepsAtOnce limits the memory of batches and accounts to some megabytes, and the work
// to 10¹² multiplications: an interruption waits for the steps to end, about a second on
// a GPU of 10 TFLOPS.
func (d *deviceDriver) stepsAtOnce() int {
	batch := d.runs[0].Config.Train.Batch
	numbers := len(d.runs) * max(d.layers*16, batch)
	work := float64(3*len(d.runs)*batch) * float64(len(d.flat)/len(d.runs))
	return max(min(512, 1<<24/numbers, int(1e12/work)), 1)
}

func (d *deviceDriver) runSteps(n int) []error {
	errs := make([]error, len(d.runs))
	if err := d.queue(n); err != nil {
		for i := range errs {
			errs[i] = err
		}
		return errs
	}
	for i, r := range d.runs {
		if !d.done[i] {
			errs[i] = d.account.record(i, r, n, d.batches.size)
		}
	}
	return errs
}

// queue queues n steps, waits for them, and fetches their accounts.
func (d *deviceDriver) queue(n int) error {
	first := d.step()
	if err := d.batches.prepare(first, n); err != nil {
		return err
	}
	if err := d.updater.Prepare(uint64(first), n, d.batches.labels); err != nil {
		return err
	}
	for k := range n { // a new pass is warmed up, which advances the clock
		if _, err := d.pass(d.batches.size(first + k)); err != nil {
			return err
		}
	}
	if err := d.clock.Zero(); err != nil {
		return err
	}
	for k := 0; k < n; {
		p, err := d.pass(d.batches.size(first + k))
		if err != nil {
			return err
		}
		same := 1
		for k+same < n && d.batches.size(first+k+same) == p.batch {
			same++
		}
		if err := p.repeat(same); err != nil {
			return err
		}
		k += same
	}
	return d.account.fetch(n)
}

// step returns the number of the next step, which is the same in all runs that have not ended.
func (d *deviceDriver) step() (n int) {
	for i, r := range d.runs {
		if !d.done[i] {
			return r.Steps
		}
	}
	return 0
}

// evaluate does not look at ctx: what the device does is short, and cannot be stopped.
func (d *deviceDriver) evaluate(_ context.Context, run int) (e Evaluations, err error) {
	steps := d.runs[run].Steps
	if err := d.evaluator.evaluate(steps); err != nil {
		return e, err
	}
	e.Test = d.evaluator.evaluations[run]
	d.runs[run].answers.Reset() // those of an evaluation on the host, before
	if d.validator != nil {
		if err := d.validator.evaluate(steps); err != nil {
			return e, err
		}
		validation := d.validator.evaluations[run]
		e.Validation = &validation
	}
	return e, d.fetchWeights(run)
}

func (d *deviceDriver) end(run int) error {
	d.done[run] = true
	d.runs[run].fetch = nil
	if err := d.halted.UploadAt(run, []uint32{1}); err != nil {
		return err
	}
	return d.fetch(run)
}

// close returns the first error only: on a device that is lost every call fails.
func (d *deviceDriver) close() (err error) {
	for _, r := range d.runs {
		r.fetch = nil
	}
	for _, p := range d.passes {
		err = cmp.Or(err, p.close())
	}
	return cmp.Or(err, d.memory.free())
}

// pass returns the training pass of a batch size, recorded once.
func (d *deviceDriver) pass(batch int) (*devicePass, error) {
	if p := d.passes[batch]; p != nil {
		return p, nil
	}
	p, err := newDevicePass(d, batch)
	if err == nil {
		d.passes[batch] = p
	}
	return p, err
}
