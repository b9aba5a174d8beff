package train

import (
	"ergon/energy"
	"ergon/internal/finite"
	"ergon/internal/gpu"
)

// deviceAccount is what the device keeps of each step for the ledger.
type deviceAccount struct {
	networks, layers int
	accounts         gpu.Array[layerAccount] // [steps][networks][layers]
	losses           gpu.Array[float32]      // [steps][networks]
	done             gpu.Array[uint32]       // counter of settle's blocks
	pieces           gpu.Array[int32]        // [layers+1] of the updater's tallies

	// As fetched.
	steps []layerAccount
	loss  []float32
}

// layerAccount is observe.cu's Account.
type layerAccount struct {
	l1, m1                                               float64
	presynaptic, errors, pairs, postsynaptic, m0, stored uint64
}

// energyStep makes of the device's account the ledger's.
func (a layerAccount) energyStep(batch int) energy.Step {
	return energy.Step{
		Batch: batch, Open: batch, Presynaptic: int64(a.presynaptic), Errors: int64(a.errors), Pairs: int64(a.pairs),
		Postsynaptic: energy.Activity{Units: int64(a.postsynaptic), L1: a.l1},
		M0:           int64(a.m0), M0Stored: int64(a.stored), M1: a.m1,
	}
}

func newDeviceAccount(s *deviceStepper) (*deviceAccount, error) {
	a := &deviceAccount{networks: len(s.runs), layers: s.layers}
	a.steps = make([]layerAccount, s.horizon()*a.networks*a.layers)
	a.loss = make([]float32, s.horizon()*a.networks)
	pieces := []int32{0}
	for l := range s.layers {
		_, end := s.updater.LayerPieces(l)
		pieces = append(pieces, int32(end))
	}
	a.accounts, a.losses = filled(&s.memory, a.steps), filled(&s.memory, a.loss)
	a.done, a.pieces = room[uint32](&s.memory, 1), filled(&s.memory, pieces)
	return a, s.memory.err
}

// fetch brings the accounts of the n steps that were queued last.
func (a *deviceAccount) fetch(n int) error {
	if err := a.losses.Download(a.loss[:n*a.networks]); err != nil {
		return err
	}
	return a.accounts.Download(a.steps[:n*a.networks*a.layers])
}

// enter enters n fetched steps of a network in its run's account.
func (a *deviceAccount) enter(network int, r *Run, n int, size func(step int) int) error {
	account := make([]energy.Step, a.layers)
	for k := range n {
		of := a.steps[(k*a.networks+network)*a.layers:][:a.layers]
		batch := size(r.Steps)
		for l := range account {
			account[l] = of[l].energyStep(batch)
		}
		if r.Loss = float64(a.loss[k*a.networks+network]); !finite.Is(r.Loss) {
			return r.divergedOnDevice(account)
		}
		if err := r.enter(account, batch); err != nil {
			return err
		}
	}
	return nil
}

// deviceWatch queues what looks at a pass for the account.
type deviceWatch struct {
	device  gpu.Device
	watched observeArguments
	settled settleArguments
}

// units is observe.cu's Units.
type units struct {
	values gpu.Pointer
	width  int32
}

// observeArguments is observe.cu's Observe.
type observeArguments struct {
	units, rows, loss, halted gpu.Pointer
	arrays, batch             int32
}

// settleArguments is observe.cu's Settle.
type settleArguments struct {
	accounts, losses, rows, tallies, pieces, loss, halted, clock, done gpu.Pointer
	layers, batch, networks                                            int32
}

// row has the size of observe.cu's Row, which only kernels look into.
type row struct {
	_ float64
	_ uint32
}

// newDeviceWatch returns what watches a pass.
func newDeviceWatch(s *deviceStepper, p *devicePass) (*deviceWatch, error) {
	layers := s.runs[0].Model.Layers()
	all := []units{{p.program.X(), int32(layers[0].In)}}
	for l, layer := range layers {
		all = append(all, units{p.program.Postsynaptic(l), int32(layer.Out)})
	}
	for l, layer := range layers {
		all = append(all, units{p.program.Error(l), int32(layer.Out)})
	}
	on, rows := filled(&p.memory, all), room[row](&p.memory, len(s.runs)*len(all)*p.batch)
	a, batch := s.account, int32(p.batch)
	return &deviceWatch{
		s.device,
		observeArguments{on.Pointer, rows.Pointer, p.program.Loss(), s.halted.Pointer, int32(len(all)), batch},
		settleArguments{
			a.accounts.Pointer, a.losses.Pointer, rows.Pointer, s.updater.Tallies(), a.pieces.Pointer,
			p.program.Loss(), s.halted.Pointer, s.clock.Pointer, a.done.Pointer,
			int32(a.layers), batch, int32(a.networks),
		},
	}, p.memory.err
}

// observe queues the count of activities and errors. It halts a network whose
// loss is not finite, before anything is learned from it.
func (w *deviceWatch) observe() error {
	return gpu.Launch(w.device, "observe", int(w.watched.arrays*w.watched.batch), int(w.settled.networks), w.watched)
}

// settle queues the end of the step: its account is closed, the clock advances.
func (w *deviceWatch) settle() error {
	return gpu.Launch(w.device, "settle", int(w.settled.layers), int(w.settled.networks), w.settled)
}
