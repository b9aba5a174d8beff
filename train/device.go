package train

import (
	"cmp"
	"errors"

	"ergon/graph"
	"ergon/internal/gpu"
	"ergon/masks"
	"ergon/masks/device"
)

// deviceStepper makes the steps of runs of one shape on a device, those of all
// runs at once. Data, weights, the optimizer's memory and the account of each
// step are kept there; they are fetched when somebody looks.
type deviceStepper struct {
	device  gpu.Device
	runs    []*Run
	over    []bool // of each run: it has ended
	layers  int
	layout  gpu.Layout
	weights gpu.Array[float32] // [networks][layout.Size]
	updater *device.Updater
	batches *deviceBatches
	passes  map[int]*devicePass // by batch size
	account *deviceAccount
	clock   gpu.Array[uint32] // steps made since advance was called
	halted  gpu.Array[uint32] // [networks] not 0: learns no longer
	place   graph.DevicePlace
	tests   *deviceTests
	flat    []float32 // [networks][layout.Size], as fetched
	memory  deviceMemory
}

var _ stepper = (*deviceStepper)(nil)

// newDeviceStepper puts runs on a device.
func newDeviceStepper(d gpu.Device, runs []*Run) (*deviceStepper, error) {
	s := &deviceStepper{device: d, memory: deviceMemory{device: d}, runs: runs, over: make([]bool, len(runs)), layers: len(runs[0].Model.Layers()), passes: map[int]*devicePass{}}
	if err := s.build(); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// build allocates and fills what the steps need.
func (s *deviceStepper) build() (err error) {
	var sizes []int
	for _, a := range s.runs[0].weights {
		sizes = append(sizes, len(a))
	}
	networks := len(s.runs)
	s.layout = gpu.NewLayout(sizes)
	s.flat = make([]float32, networks*s.layout.Size)
	for i, r := range s.runs {
		s.layout.Pack(s.network(i), r.weights)
	}
	s.weights = filled(&s.memory, s.flat)
	gradients := room[float32](&s.memory, len(s.flat))
	s.clock, s.halted = room[uint32](&s.memory, 1), room[uint32](&s.memory, networks)
	if s.memory.err != nil {
		return s.memory.err
	}
	s.place = graph.DevicePlace{Networks: networks, Layout: s.layout, Weights: s.weights.Pointer, Gradients: gradients.Pointer}
	if s.batches, err = newDeviceBatches(s); err != nil {
		return err
	}
	if s.updater, err = s.newUpdater(); err != nil {
		return err
	}
	if s.account, err = newDeviceAccount(s); err != nil {
		return err
	}
	s.tests, err = newDeviceTests(s)
	return err
}

// newUpdater makes the updater of the runs' rules.
func (s *deviceStepper) newUpdater() (*device.Updater, error) {
	var rules []masks.Rule
	var nets []masks.Network
	var seeds []uint64
	for _, r := range s.runs {
		rules, nets, seeds = append(rules, r.Config.Rule), append(nets, r.network()), append(seeds, r.Config.Seed)
	}
	place := device.Place{
		Layout: s.layout, Weights: s.place.Weights, Gradients: s.place.Gradients,
		Clock: s.clock.Pointer, Halted: s.halted.Pointer,
	}
	u, err := device.NewUpdater(s.device, place, rules, nets, seeds, s.horizon())
	if err == nil {
		s.memory.keep(u.Close)
	}
	return u, err
}

// network returns the part of flat that is a network's.
func (s *deviceStepper) network(i int) []float32 {
	return s.flat[i*s.layout.Size:][:s.layout.Size]
}

// horizon keeps what is prepared for the steps, and their accounts, within
// megabytes, and their work within 10¹² multiplications: an interruption waits
// for that, a second or so on a GPU of 10 TFLOPS.
func (s *deviceStepper) horizon() int {
	batch := s.runs[0].Config.Train.Batch
	numbers := len(s.runs) * max(s.layers*16, batch)
	work := float64(3*len(s.runs)*batch) * float64(len(s.flat)/len(s.runs))
	return max(min(512, 1<<24/numbers, int(1e12/work)), 1)
}

func (s *deviceStepper) advance(n int) []error {
	errs := make([]error, len(s.runs))
	if err := s.queue(n); err != nil {
		for i := range errs {
			errs[i] = err
		}
		return errs
	}
	for i, r := range s.runs {
		if !s.over[i] {
			errs[i] = s.account.enter(i, r, n, s.batches.size)
		}
	}
	return errs
}

// queue queues n steps, and fetches their accounts.
func (s *deviceStepper) queue(n int) error {
	first := s.step()
	if err := s.batches.prepare(first, n); err != nil {
		return err
	}
	if err := s.updater.Prepare(uint64(first), n, s.batches.labels); err != nil {
		return err
	}
	for k := range n { // a pass that is new is rehearsed, which advances the clock
		if _, err := s.pass(s.batches.size(first + k)); err != nil {
			return err
		}
	}
	if err := s.clock.Zero(); err != nil {
		return err
	}
	for k := 0; k < n; {
		p, err := s.pass(s.batches.size(first + k))
		if err != nil {
			return err
		}
		same := 1
		for k+same < n && s.batches.size(first+k+same) == p.batch {
			same++
		}
		if err := p.repeat(same); err != nil {
			return err
		}
		k += same
	}
	return s.account.fetch(n)
}

// step returns the number of the next step: the same in all runs that go on.
func (s *deviceStepper) step() (n int) {
	for i, r := range s.runs {
		if !s.over[i] {
			return r.Steps
		}
	}
	return 0
}

func (s *deviceStepper) evaluate(run int) (Evaluation, error) {
	if err := s.tests.evaluate(s.runs[run].Steps); err != nil {
		return Evaluation{}, err
	}
	return s.tests.evaluations[run], s.fetch(run)
}

// fetch brings the weights of a network to its run's model.
func (s *deviceStepper) fetch(run int) error {
	if err := s.weights.DownloadAt(run*s.layout.Size, s.network(run)); err != nil {
		return err
	}
	s.layout.Unpack(s.runs[run].weights, s.network(run))
	return nil
}

func (s *deviceStepper) end(run int) error {
	s.over[run] = true
	if err := s.halted.UploadAt(run, []uint32{1}); err != nil {
		return err
	}
	return s.fetch(run)
}

// close returns the first error: of a device that is lost, every call has one.
func (s *deviceStepper) close() (err error) {
	for _, p := range s.passes {
		err = cmp.Or(err, p.close())
	}
	return cmp.Or(err, s.memory.free())
}

// pass returns the training pass of a batch size, recorded once.
func (s *deviceStepper) pass(batch int) (*devicePass, error) {
	if p := s.passes[batch]; p != nil {
		return p, nil
	}
	p, err := newDevicePass(s, batch)
	if err == nil {
		s.passes[batch] = p
	}
	return p, err
}
