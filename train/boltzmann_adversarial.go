package train

import (
	"context"

	"ergon/graph"
	"ergon/graph/boltzmann/likelihood"
	"ergon/train/rundir"
)

// fewest is the least number of chains that tell data and samples apart to a few per cent.
const fewest = 50

// adversarial returns the adversarial accuracy of the chains' states; nil where chains do not
// go on, or there are few of them.
func (m *machine) adversarial(ctx context.Context) (*rundir.Adversarial, error) {
	n, test := m.count(), m.run.Data.Test
	if n = min(n, test.Len()); m.model.Negative() != graph.Persistent || n < fewest {
		return nil, nil
	}
	examples, width := make([]int32, n), m.model.InputWidth()
	for i := range examples {
		examples[i] = int32(i)
	}
	data := make([]float32, n*width)
	test.Gather(examples, data, width, nil)
	a, err := likelihood.AdversarialAccuracy(ctx, m.run.Engine.Pool(), data, m.chains[:n*width], width)
	if err != nil {
		return nil, err
	}
	return &rundir.Adversarial{Truth: a.Truth, Synthetic: a.Synthetic, StandardError: a.StandardError, Examples: n}, nil
}
