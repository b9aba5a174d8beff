package train

import (
	"context"
	"math"

	"ergon/graph"
	"ergon/internal/finite"
	"ergon/train/measure"
	"ergon/train/rundir"
)

// gradients adds what batches say at the weights as they are.
func (f *freeEnergy) gradients(ctx context.Context, r *Run, w *rundir.FreeEnergyWindow) error {
	rate, known := r.learningRate()
	if known {
		w.Rate = &rate
	}
	if r.invariant != nil {
		w.EffectiveRate = r.invariant.report(r).EffectiveRate
	}
	if f.spec.Gradients == 0 || r.updater.Transmission() != nil { // synapses do not transmit their weights
		return nil
	}
	noise := measure.NewNoise(len(f.joined))
	for i := range f.spec.Gradients {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := f.backward(r, unreached+uint64(len(f.windows)*f.spec.Gradients+i)); err != nil {
			return err
		}
		if err := noise.Take(f.program, r.Model.Layers()); err != nil {
			return err
		}
	}
	signal2, noise2 := noise.Moments()
	w.Signal2, w.Noise2 = finite.OrNil(signal2), finite.OrNil(noise2)
	w.SNR = finite.OrNil(math.Sqrt(max(signal2, 0) / noise2))
	if known {
		w.Threshold = finite.OrNil(rate * noise2 / float64(2*f.dimension))
	}
	return nil
}

// unreached is a step that no run reaches: batches of it and of later ones are drawn for measurements.
const unreached = 1 << 40

// draw draws the batch of a step, uniform over all examples and always whole: one that ends an
// epoch has less to average over, and more noise.
func (f *freeEnergy) draw(r *Run, step uint64) []int32 {
	for i := range f.batch {
		f.batch[i] = int32(f.order.Intn(step, uint64(i), r.Data.Train.Len()))
	}
	return f.batch
}

// backward computes the gradient of the batch of a step at the present weights. Its program is
// its own, so that nothing of the run changes.
func (f *freeEnergy) backward(r *Run, step uint64) (err error) {
	if f.program == nil {
		if f.program, err = graph.CompileTraining(r.Model, r.Engine, len(f.batch), r.backward()); err != nil {
			return err
		}
	}
	r.Data.Train.Gather(f.draw(r, step), f.program.X, r.Model.InputWidth(), f.program.Target)
	return f.program.Run()
}
