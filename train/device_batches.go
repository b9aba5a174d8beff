package train

import (
	"ergon/datasets"
	"ergon/internal/gpu"
)

// deviceBatches holds the data on the device, and the examples of each step.
type deviceBatches struct {
	runs     []*Run
	sets     *datasets.DeviceSets
	largest  int              // presentations of a full batch
	table    []int32          // [steps][networks][largest]
	examples gpu.Array[int32] // the same on the device
	first    int              // step that the table begins with
}

func newDeviceBatches(d *deviceDriver) (b *deviceBatches, err error) {
	var sets []*datasets.Set
	for _, r := range d.runs {
		sets = append(sets, r.Data.Train)
	}
	b = &deviceBatches{runs: d.runs, largest: len(d.runs[0].sampler.Batch(0))}
	if b.sets, err = datasets.Upload(d.device, sets); err != nil {
		return nil, err
	}
	d.memory.keep(b.sets.Close)
	b.table = make([]int32, d.stepsAtOnce()*len(d.runs)*b.largest)
	b.examples = allocCopy(&d.memory, b.table)
	return b, d.memory.err
}

// perStep is the number of examples of a step in the table.
func (b *deviceBatches) perStep() int { return len(b.runs) * b.largest }

// size returns the presentations of a step, as many in all runs.
func (b *deviceBatches) size(step int) int {
	return b.runs[0].presentations(step)
}

// prepare draws the examples of n steps. It draws also for runs that have ended; they
// do not learn from them.
func (b *deviceBatches) prepare(first, n int) error {
	b.first = first
	for k := range n {
		for i, r := range b.runs {
			copy(b.table[k*b.perStep()+i*b.largest:], r.batch(first+k))
		}
	}
	return b.examples.Upload(b.table[:n*b.perStep()])
}

// labels returns the classes of the examples of a prepared step, of one network; none
// where targets are real-valued.
func (b *deviceBatches) labels(network int, step uint64) (labels []int32) {
	k := int(step) - b.first
	for _, i := range b.table[k*b.perStep()+network*b.largest:][:b.size(int(step))] {
		if label, ok := b.runs[network].Data.Train.Label(int(i)); ok {
			labels = append(labels, int32(label))
		}
	}
	return labels
}
