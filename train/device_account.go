package train

import (
	"ergon/energy"
	"ergon/internal/finite"
	"ergon/internal/gpu"
)

// deviceAccount holds what the device counts in each step for the ledger.
type deviceAccount struct {
	networks, layers int
	accounts         gpu.Array[layerAccount] // [steps][networks][layers]
	losses           gpu.Array[float32]      // [steps][networks]
	done             gpu.Array[uint32]       // [1] counts settle's blocks
	chunks           gpu.Array[int32]        // [layers+1] where each layer's chunks begin in the updater's tallies

	// What was fetched of accounts and losses.
	steps []layerAccount
	loss  []float32
}

// layerAccount is the counterpart of observe.cu's Account.
type layerAccount struct {
	l1, m1                                               float64
	presynaptic, errors, pairs, postsynaptic, m0, stored uint64
}

// energyStep converts a device's account to the ledger's.
func (a layerAccount) energyStep(batch int) energy.Step {
	return energy.Step{
		Batch: batch, Open: batch, Presynaptic: int64(a.presynaptic), Errors: int64(a.errors), Pairs: int64(a.pairs),
		Postsynaptic: energy.Activity{Units: int64(a.postsynaptic), L1: a.l1},
		M0:           int64(a.m0), M0Stored: int64(a.stored), M1: a.m1,
	}
}

func newDeviceAccount(d *deviceDriver) (*deviceAccount, error) {
	a := &deviceAccount{networks: len(d.runs), layers: d.layers}
	a.steps = make([]layerAccount, d.stepsAtOnce()*a.networks*a.layers)
	a.loss = make([]float32, d.stepsAtOnce()*a.networks)
	chunks := []int32{0}
	for l := range d.layers {
		_, end := d.updater.LayerChunks(l)
		chunks = append(chunks, int32(end))
	}
	a.accounts, a.losses = allocCopy(&d.memory, a.steps), allocCopy(&d.memory, a.loss)
	a.done, a.chunks = alloc[uint32](&d.memory, 1), allocCopy(&d.memory, chunks)
	return a, d.memory.err
}

// fetch brings the accounts of the n steps that were queued last.
func (a *deviceAccount) fetch(n int) error {
	if err := a.losses.Download(a.loss[:n*a.networks]); err != nil {
		return err
	}
	return a.accounts.Download(a.steps[:n*a.networks*a.layers])
}

// record records n fetched steps of a network in its run's ledger. size returns the
// presentations of a step.
func (a *deviceAccount) record(network int, r *Run, n int, size func(step int) int) error {
	account := make([]energy.Step, a.layers)
	for k := range n {
		of := a.steps[(k*a.networks+network)*a.layers:][:a.layers]
		batch := size(r.Steps)
		for l := range account {
			account[l] = of[l].energyStep(batch)
			if r.traffic != nil {
				account[l].MemoryReads, account[l].MemoryWrites = r.traffic[l].Reads, r.traffic[l].Writes
				account[l].Accumulate = energy.Accumulate{Updates: r.traffic[l].Writes, Bits: r.updater.AccumulatorBits(l)} // moments of the optimizer
			}
		}
		if r.Loss = float64(a.loss[k*a.networks+network]); !finite.Is(r.Loss) {
			return r.divergedOnDevice(account)
		}
		if err := r.record(account, batch); err != nil {
			return err
		}
	}
	return nil
}

// deviceObserver queues the kernels that count a step for the account.
type deviceObserver struct {
	device   gpu.Device
	observed observeArguments
	settled  settleArguments
}

// units is the counterpart of observe.cu's Units.
type units struct {
	values gpu.Pointer
	width  int32
}

// observeArguments is the counterpart of observe.cu's Observe.
type observeArguments struct {
	units, rows, loss, halted gpu.Pointer
	arrays, batch             int32
}

// settleArguments is the counterpart of observe.cu's Settle.
type settleArguments struct {
	accounts, losses, rows, tallies, pieces, loss, halted, clock, done gpu.Pointer
	layers, batch, networks                                            int32
}

// row has the size of observe.cu's Row, which only kernels read.
type row struct {
	_ float64
	_ uint32
}

// newDeviceObserver returns the observer of a pass.
func newDeviceObserver(d *deviceDriver, p *devicePass) (*deviceObserver, error) {
	layers := d.runs[0].Model.Layers()
	all := []units{{p.program.X(), int32(layers[0].In)}}
	for l, layer := range layers {
		all = append(all, units{p.program.Postsynaptic(l), int32(layer.Out)})
	}
	for l, layer := range layers {
		all = append(all, units{p.program.Error(l), int32(layer.Out)})
	}
	counted, rows := allocCopy(&p.memory, all), alloc[row](&p.memory, len(d.runs)*len(all)*p.batch)
	a, batch := d.account, int32(p.batch)
	return &deviceObserver{
		d.device,
		observeArguments{counted.Pointer, rows.Pointer, p.program.Loss(), d.halted.Pointer, int32(len(all)), batch},
		settleArguments{
			a.accounts.Pointer, a.losses.Pointer, rows.Pointer, d.updater.Tallies(), a.chunks.Pointer,
			p.program.Loss(), d.halted.Pointer, d.clock.Pointer, a.done.Pointer,
			int32(a.layers), batch, int32(a.networks),
		},
	}, p.memory.err
}

// observe queues the count of activities and errors. It halts a network whose loss is
// not finite before its weights change.
func (o *deviceObserver) observe() error {
	return gpu.Launch(o.device, "observe", int(o.observed.arrays*o.observed.batch), int(o.settled.networks), o.observed)
}

// settle queues the end of the step: it writes the account and advances the clock.
func (o *deviceObserver) settle() error {
	return gpu.Launch(o.device, "settle", int(o.settled.layers), int(o.settled.networks), o.settled)
}
