package train

import (
	"context"

	"ergon/datasets"
	"ergon/graph"
	"ergon/graph/engine"
	"ergon/masks"
	"ergon/train/measure"
	"ergon/train/rundir"
)

// Evaluation is the network's performance on a set.
type Evaluation struct {
	Loss      float64           // mean over the set
	Accuracy  *float64          // share of examples that are put into their class; nil for real-valued targets, and for Boltzmann machines
	Boltzmann *rundir.Boltzmann // of a Boltzmann machine; nil for other networks
}

// Evaluations are those of the same weights on the test set, and on the training examples
// that are held out.
type Evaluations struct {
	Test       Evaluation
	Validation *Evaluation // nil: nothing is held out
}

// evaluator runs a model over a set, in batches. There is a program for full batches and
// one for the last.
type evaluator struct {
	set   *datasets.Set
	order []int32
	full  *graph.Program
	rest  *graph.Program // of the last, short batch; nil if there is none

	gatherer     *gatherer
	weights      [][]float32
	transmission masks.Transmission // nil: synapses transmit their weights
	draws        uint64             // added to the numbers of the draws of noise
	activity     *measure.Activity  // is told of each evaluation; nil: nobody asks for it
	answers      *measure.Answers   // the same
}

// evaluationBatch is a compromise: matrix products of this size run near the peak of
// the BLAS library, and the activities stay in the second-level cache.
const evaluationBatch = 250

// prepareEvaluators makes the evaluator of the test set, and that of the examples that are
// held out, if there are any.
func (r *Run) prepareEvaluators() (err error) {
	if r.boltzmann != nil {
		return r.boltzmann.prepareEvaluators()
	}
	if r.evaluator, err = newEvaluator(r.Model, r.Engine, r.Data.Test, r.updater.Transmission()); err != nil {
		return err
	}
	r.evaluator.activity, r.evaluator.answers = r.activity, r.answers
	if r.Data.Validation == nil {
		return nil
	}
	if r.validator, err = newEvaluator(r.Model, r.Engine, r.Data.Validation, r.updater.Transmission()); err == nil {
		r.validator.draws = validationDraws
	}
	return err
}

// validationDraws numbers the draws of noise for the examples held out apart from those
// for the test set: their errors are then independent.
const validationDraws = 1 << 63

func newEvaluator(m graph.Model, on engine.Engine, set *datasets.Set, transmission masks.Transmission) (e *evaluator, err error) {
	n := set.Len()
	e = &evaluator{set: set, order: make([]int32, n), weights: arrays(m), transmission: transmission, gatherer: newGatherer(set, on.Pool())}
	for i := range e.order {
		e.order[i] = int32(i)
	}
	batch := min(n, evaluationBatch)
	if e.full, err = graph.Compile(m, on, batch); err != nil {
		return nil, err
	}
	if rest := n % batch; rest > 0 {
		e.rest, err = graph.Compile(m, on, rest)
	}
	return e, err
}

// evaluate runs the network over the whole set, after so many steps of training, which
// number the draws of noise. When ctx ends it stops, with the error of ctx: of a large
// network or set, an evaluation may take longer than a batch system waits before it kills.
func (e *evaluator) evaluate(ctx context.Context, steps int) (Evaluation, error) {
	e.set.Keep() // all are presented, in each evaluation
	correct, loss := 0, 0.0
	e.activity.Reset()
	e.answers.Reset()
	for lo := 0; lo < len(e.order); lo += e.full.Batch {
		if err := ctx.Err(); err != nil {
			return Evaluation{}, err
		}
		p := e.full
		if len(e.order)-lo < p.Batch {
			p = e.rest
		}
		examples := e.order[lo : lo+p.Batch]
		e.gatherer.gather(examples, p)
		if err := e.run(p, e.draw(steps, lo)); err != nil {
			return Evaluation{}, err
		}
		e.activity.Observe(p)
		loss += p.LossValue() * float64(p.Batch)
		for b, i := range examples {
			outputs := e.set.Outputs()
			label, ok := e.set.Label(int(i))
			if !ok {
				continue
			}
			answer := class(p.Output()[b*outputs : (b+1)*outputs])
			e.answers.Count(label, answer)
			if label == answer {
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

// draw returns the number of the draw of noise for the batch that begins with example lo,
// after so many steps of training.
func (e *evaluator) draw(steps, lo int) uint64 {
	return e.draws + uint64(steps)*uint64(len(e.order)) + uint64(lo)
}

// run runs the program on what the synapses transmit in the draw of this number.
func (e *evaluator) run(p *graph.Program, number uint64) error {
	if e.transmission == nil {
		return p.Run()
	}
	e.transmission.TransmitTest(e.weights, number)
	defer e.transmission.Restore(e.weights)
	return p.Run()
}

// class returns the class that a network answers with outputs y: the index of the
// largest, or of a single output 0 below zero and 1 above. A single output of exactly
// zero is no answer, -1, so that a network of zero weights gets nothing right.
func class(y []float32) int {
	switch {
	case len(y) > 1:
		return argmax(y)
	case y[0] > 0:
		return 1
	case y[0] < 0:
		return 0
	}
	return -1
}

// argmax returns the index of the first largest entry.
func argmax(y []float32) int {
	best := 0
	for i, v := range y {
		if v > y[best] {
			best = i
		}
	}
	return best
}
