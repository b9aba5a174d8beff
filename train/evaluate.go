package train

import (
	"ergon/datasets"
	"ergon/graph"
)

// Evaluation is how the network does on the test set.
type Evaluation struct {
	Loss     float64  // mean over the test set
	Accuracy *float64 // share of examples whose largest output is their class's; nil for real-valued targets
}

// evaluator runs a model over a test set, in batches that have a program each.
type evaluator struct {
	model graph.Model
	set   *datasets.Set
	order []int32
	full  *graph.Program
	rest  *graph.Program // of the last, short batch; nil if there is none
}

// evaluationBatch is a compromise: products of this size run near the
// library's peak, and the activities stay in the second-level cache.
const evaluationBatch = 250

func newEvaluator(m graph.Model, engine graph.Engine, set *datasets.Set) (e *evaluator, err error) {
	n := set.Len()
	e = &evaluator{model: m, set: set, order: make([]int32, n)}
	for i := range e.order {
		e.order[i] = int32(i)
	}
	batch := min(n, evaluationBatch)
	if e.full, err = graph.Compile(m, engine, batch); err != nil {
		return nil, err
	}
	if rest := n % batch; rest > 0 {
		e.rest, err = graph.Compile(m, engine, rest)
	}
	return e, err
}

// evaluate runs the network over the whole set.
func (e *evaluator) evaluate() (Evaluation, error) {
	correct, loss := 0, 0.0
	for lo := 0; lo < len(e.order); lo += e.full.Batch {
		p := e.full
		if len(e.order)-lo < p.Batch {
			p = e.rest
		}
		examples := e.order[lo : lo+p.Batch]
		e.set.Gather(examples, p.X, e.model.InputWidth(), p.Target)
		if err := p.Run(); err != nil {
			return Evaluation{}, err
		}
		loss += p.LossValue() * float64(p.Batch)
		for b, i := range examples {
			outputs := e.set.Outputs()
			if label, ok := e.set.Label(int(i)); ok && label == argmax(p.Output()[b*outputs:(b+1)*outputs]) {
				correct++
			}
		}
	}
	result := Evaluation{Loss: loss / float64(len(e.order))}
	if e.set.Labels() != nil {
		accuracy := float64(correct) / float64(len(e.order))
		result.Accuracy = &accuracy
	}
	return result, nil
}

// argmax returns the place of the first largest entry.
func argmax(y []float32) int {
	best := 0
	for i, v := range y {
		if v > y[best] {
			best = i
		}
	}
	return best
}
