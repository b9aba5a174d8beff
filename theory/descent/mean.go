package descent

import (
	"context"
	"fmt"

	"gorgonia.org/tensor"

	"ergon/datasets"
	"ergon/internal/schema"
	"ergon/masks"
	"ergon/masks/rules"
)

// meanBatch is how many presentations the mean gradient is computed from at a time.
const meanBatch = 250

// Objective is what a mean gradient is the gradient of.
type Objective string

// The mean loss of the training set, of the test set, and of those of the test set that the
// network answers wrongly.
const (
	Training Objective = "train"
	Test     Objective = "test"
	Errors   Objective = "errors"
)

// objective is an Objective with its examples.
type objective struct {
	set      *datasets.Set
	examples []int32
	rule     Rule
}

// objective returns the examples of which the mean gradient is taken: of the training set those
// of order, of the test set all.
func (r *Run) objective(of Objective, order []int32) (objective, error) {
	if of == Training {
		return objective{r.Live.Data.Train, order, r.Plain()}, nil
	}
	o := objective{set: r.Live.Data.Test, rule: r.Plain()}
	for i := range o.set.Len() {
		o.examples = append(o.examples, int32(i))
	}
	if of == Errors {
		o.rule.rule.Gate = &rules.Lazy{}
		if err := o.rule.rule.Gate.Check(r.net); err != nil {
			return o, schema.Fieldf("of", "errors, and targets are real-valued: no answer is wrong; set train or test")
		}
	}
	return o, nil
}

// groups returns how many groups of examples the mean is added up from: on as many machines
// as there are, in the same order always.
func (o objective) groups() int { return min(8, len(o.examples)) }

// group returns the examples of a group.
func (o objective) group(g int) []int32 {
	n, groups := len(o.examples), o.groups()
	return o.examples[g*n/groups : (g+1)*n/groups]
}

// mean returns the mean gradient ḡ of the objective at the run's weights, array by array.
func (r *Run) mean(ctx context.Context, e *experiment, o objective, done func()) ([][]float32, error) {
	sums := make([][][]float64, o.groups())
	err := e.each(ctx, len(sums), func(m *machine, g int) (err error) {
		m.load(e.weights)
		sums[g], err = o.sum(m, o.group(g))
		done()
		return err
	})
	if err != nil {
		return nil, err
	}
	var mean [][]float32
	for a := range e.weights {
		all := make([]float32, len(e.weights[a]))
		for i := range all {
			total := 0.0
			for _, s := range sums {
				total += s[a][i]
			}
			all[i] = float32(total / float64(len(o.examples)))
		}
		mean = append(mean, all)
	}
	if r.maskFixed(mean); isZero(mean) {
		return nil, fmt.Errorf("the mean gradient is zero at step %d: nothing descends", r.Live.Steps)
	}
	return mean, nil
}

// maskFixed sets the gradient of layers that no rule can change to zero.
func (r *Run) maskFixed(mean [][]float32) {
	for a, s := range masks.Arrays(r.net.Layers) {
		if r.net.Layers[s.Layer].Fixed {
			clear(mean[a])
		}
	}
}

func isZero(all [][]float32) bool {
	for _, a := range all {
		for _, x := range a {
			if x != 0 {
				return false
			}
		}
	}
	return true
}

// sum returns the sum of the gradients of single presentations.
func (o objective) sum(m *machine, examples []int32) ([][]float64, error) {
	sums := make([][]float64, len(m.weights))
	for a, w := range m.weights {
		sums[a] = make([]float64, len(w))
	}
	for len(examples) > 0 {
		batch := examples[:min(meanBatch, len(examples))]
		examples = examples[len(batch):]
		p, err := m.present(o.set, batch, o.rule)
		if err != nil {
			return nil, err
		}
		if p.Open() == 0 {
			continue
		}
		for a, parameter := range p.Parameters() {
			value, err := parameter.Grad()
			if err != nil {
				return nil, err
			}
			for i, g := range value.(*tensor.Dense).Float32s() {
				sums[a][i] += float64(g) * float64(len(batch)) // the program's loss is the mean
			}
		}
	}
	return sums, nil
}
