package descent

import (
	"context"
	"fmt"

	"ergon/internal/philox"
	"ergon/internal/schema"
)

// Plan is what is measured at a step of a run.
type Plan struct {
	Rules    []Rule
	Samples  int // batches, at least one in each chunk
	Chunks   int
	Of       Objective
	Examples int // of the training set, of which samples and mean gradient are; 0: all
	Seed     uint64
}

// Units returns how often done is called by Measure.
func (p *Plan) Units() int { return p.Samples + 8 }

// Measure tries the rules at the run's present weights. What it returns depends on the plan and the
// run alone, not on the number of cores.
func (r *Run) Measure(ctx context.Context, plan Plan, done func()) (all []Chunk, err error) {
	e, err := r.experiment()
	defer func() { err = first(err, e.close()) }()
	if err != nil {
		return nil, err
	}
	sampled, rest, err := r.draw(plan)
	if err != nil {
		return nil, err
	}
	o, err := r.objective(plan.Of, rest)
	if err != nil {
		return nil, err
	}
	mean, err := r.mean(ctx, e, o, done)
	if err != nil {
		return nil, err
	}
	for range 8 - o.groups() {
		done()
	}
	all = make([]Chunk, plan.Chunks)
	seeds := philox.New(plan.Seed, fmt.Sprintf("descent/masks/%d", r.Live.Steps))
	err = e.each(ctx, plan.Chunks, func(m *machine, c int) (err error) {
		all[c], err = r.chunk(ctx, m, e.weights, mean, plan, sampled[c*plan.Samples/plan.Chunks:(c+1)*plan.Samples/plan.Chunks], seeds.Uint64(0, uint64(c)), done)
		return err
	})
	return all, err
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// draw returns batches drawn at random from the training set without replacement, and the other
// examples.
func (r *Run) draw(plan Plan) (batches [][]int32, rest []int32, err error) {
	n, batch := r.Live.Data.Train.Len(), r.Live.Config.Train.Batch
	examples := plan.Examples
	if examples == 0 {
		examples = n
	}
	if examples > n {
		return nil, nil, schema.Fieldf("examples", "%d of a training set of %d", examples, n)
	}
	if 2*plan.Samples*batch > examples {
		return nil, nil, schema.Fieldf("samples", "%d batches of %d are more than half of %d examples, and the mean gradient is of the others; give fewer", plan.Samples, batch, examples)
	}
	order := make([]int32, n)
	stream := philox.New(plan.Seed, "descent/examples")
	stream.Shuffle(uint64(r.Live.Steps), order)
	order = order[:examples]
	for range plan.Samples {
		batches, order = append(batches, order[:batch]), order[batch:]
	}
	return batches, order, nil
}

// chunk tries the rules on some batches.
func (r *Run) chunk(ctx context.Context, m *machine, weights, mean [][]float32, plan Plan, batches [][]int32, seed uint64, done func()) (Chunk, error) {
	all := append([]Rule{r.Plain()}, plan.Rules...)
	trials, sums := make([]*trial, len(all)), make(Chunk, len(all))
	for i, rule := range all {
		sums[i] = make([]Sums, r.Layers())
		if rule.Follows() {
			continue
		}
		var err error
		if trials[i], err = newTrial(rule, r.net, seed); err != nil {
			return nil, err
		}
	}
	m.load(weights)
	set := r.Live.Data.Train
	for _, batch := range batches {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		plain, err := m.present(set, batch, all[0])
		if err != nil {
			return nil, err
		}
		for i, t := range trials {
			if t == nil {
				continue
			}
			p := plain
			if b := t.backward(); b.Gate != nil || b.Filter != nil {
				if p, err = m.present(set, batch, t.Rule); err != nil {
					return nil, err
				}
			}
			changes, err := t.learn(m, set, batch, p)
			if err != nil {
				return nil, err
			}
			if changes == nil {
				continue
			}
			for l, d := range along(m, r.net, weights, mean) {
				sums[i][l].Add(Sums{d, changes[l].Work, float64(changes[l].M0), changes[l].M1})
			}
		}
		done()
	}
	return sums, nil
}
