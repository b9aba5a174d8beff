package train

import (
	"ergon/datasets"
	"ergon/internal/gpu"
)

// deviceBatches are the data on the device, and which of them each step presents.
type deviceBatches struct {
	runs     []*Run
	sets     *datasets.DeviceSets
	largest  int              // presentations of a full batch
	table    []int32          // [steps][networks][largest]
	examples gpu.Array[int32] // the same on the device
	first    int              // step that the table begins with
}

func newDeviceBatches(s *deviceStepper) (b *deviceBatches, err error) {
	var sets []*datasets.Set
	for _, r := range s.runs {
		sets = append(sets, r.Data.Train)
	}
	b = &deviceBatches{runs: s.runs, largest: len(s.runs[0].sampler.Batch(0))}
	if b.sets, err = datasets.Upload(s.device, sets); err != nil {
		return nil, err
	}
	s.memory.keep(b.sets.Close)
	b.table = make([]int32, s.horizon()*len(s.runs)*b.largest)
	b.examples = filled(&s.memory, b.table)
	return b, s.memory.err
}

// perStep is the number of examples of a step in the table.
func (b *deviceBatches) perStep() int { return len(b.runs) * b.largest }

// size returns the presentations of a step.
func (b *deviceBatches) size(step int) int {
	n := b.runs[0].Data.Train.Len()
	perEpoch := (n + b.largest - 1) / b.largest
	return min(b.largest, n-step%perEpoch*b.largest)
}

// prepare draws the examples of n steps. Runs that are over draw too: nobody looks.
func (b *deviceBatches) prepare(first, n int) error {
	b.first = first
	for k := range n {
		for i, r := range b.runs {
			copy(b.table[k*b.perStep()+i*b.largest:], r.sampler.Batch(uint64(first+k)))
		}
	}
	return b.examples.Upload(b.table[:n*b.perStep()])
}

// labels returns the classes that a prepared step presents to a network; none
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
