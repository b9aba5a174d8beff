package train

import (
	"context"
	"math"

	"ergon/datasets"
	"ergon/graph"
	"ergon/graph/boltzmann"
	"ergon/graph/boltzmann/unit"
	"ergon/internal/philox"
	"ergon/train/rundir"
)

// reflector looks at a set with a Boltzmann machine, in batches.
type reflector struct {
	model      graph.Generative
	restricted *boltzmann.Model // nil: it is none
	set        *datasets.Set
	full       *graph.Reflection
	rest       *graph.Reflection // of the last, short batch; nil if there is none
	bits       philox.Stream     // which unit of each example is flipped
}

// prepareEvaluators makes what looks at the test set, and at the examples that are held out.
func (m *machine) prepareEvaluators() (err error) {
	if err = m.prepareFrames(); err != nil {
		return err
	}
	if m.test, err = newReflector(m, m.run.Data.Test, "test"); err != nil || m.run.Data.Validation == nil {
		return err
	}
	m.validation, err = newReflector(m, m.run.Data.Validation, "validation")
	return err
}

// evaluate looks at the test set, at what is held out, and at the chains.
func (m *machine) evaluate(ctx context.Context) (e Evaluations, err error) {
	if e.Test, err = m.test.evaluate(ctx, m.run.Steps); err != nil {
		return e, err
	}
	if err := m.along(ctx, e.Test.Boltzmann); err != nil {
		return e, err
	}
	if m.validation != nil {
		validation, err := m.validation.evaluate(ctx, m.run.Steps)
		if err != nil {
			return e, err
		}
		e.Validation = &validation
	}
	return e, m.film()
}

func newReflector(m *machine, set *datasets.Set, name string) (e *reflector, err error) {
	batch := min(set.Len(), evaluationBatch)
	e = &reflector{model: m.model, restricted: m.restricted, set: set, bits: philox.New(m.run.Config.Seed, "pseudo/"+name)}
	if e.full, err = graph.CompileReflection(m.model, m.run.Engine, batch); err != nil {
		return nil, err
	}
	if rest := set.Len() % batch; rest > 0 {
		e.rest, err = graph.CompileReflection(m.model, m.run.Engine, rest)
	}
	return e, err
}

// evaluate looks at the whole set, after so many steps of training, which number the draws.
// When ctx ends it stops, with the error of ctx.
func (e *reflector) evaluate(ctx context.Context, steps int) (Evaluation, error) {
	var sum rundir.Boltzmann
	pseudo := 0.0
	for lo := 0; lo < e.set.Len(); lo += e.full.Batch {
		if err := ctx.Err(); err != nil {
			return Evaluation{}, err
		}
		p := e.full
		if e.set.Len()-lo < p.Batch {
			p = e.rest
		}
		e.gather(p, lo)
		if err := p.Run(); err != nil {
			return Evaluation{}, err
		}
		for _, f := range p.FreeEnergies() {
			sum.FreeEnergy += float64(f)
		}
		for i, v := range p.Reflected() {
			d := float64(v) - float64(p.X[i])
			sum.Reconstruction += d * d
		}
		pseudo += e.pseudo(p, steps, lo)
	}
	n := float64(e.set.Len())
	sum.FreeEnergy /= n
	sum.Reconstruction /= n * float64(e.set.Inputs())
	result := Evaluation{Loss: sum.Reconstruction, Boltzmann: &sum}
	if e.flips() {
		pseudo /= n
		sum.PseudoLikelihood, result.Loss = &pseudo, -pseudo
	}
	if m, ok := e.model.(graph.Exact); ok {
		result.Loss = sum.FreeEnergy + m.LnZ()
	}
	return result, nil
}

func (e *reflector) gather(p *graph.Reflection, lo int) {
	examples := make([]int32, p.Batch)
	for b := range examples {
		examples[b] = int32(lo + b)
	}
	e.set.Gather(examples, p.X, e.set.Inputs(), nil)
}

// flips says whether the visible units can be flipped.
func (e *reflector) flips() bool {
	if e.restricted == nil {
		return true
	}
	_, ok := e.restricted.Machine().VisibleUnits.(unit.Bernoulli)
	return ok
}

// pseudo returns the pseudo-log-likelihood of a batch that begins with example lo, summed, in
// nats: of each example V·ln p(v_i | all others), of one unit i drawn at random, unless the
// machine tells the sum over all. Flipping a unit moves the fields by a row of W.
func (e *reflector) pseudo(p *graph.Reflection, steps, lo int) (sum float64) {
	for _, exact := range p.PseudoLikelihoods() {
		sum += float64(exact)
	}
	if e.restricted == nil || !e.flips() {
		return sum
	}
	m := e.restricted.Machine()
	V, H := e.set.Inputs(), len(m.Hidden)
	moved := make([]float32, H)
	for b := range p.Batch {
		i := e.bits.Intn(uint64(steps), uint64(lo+b), V)
		z, flip := p.Fields()[b*H:(b+1)*H], 1-2*p.X[b*V+i]
		for j, w := range m.W[i*H : (i+1)*H] {
			moved[j] = z[j] + flip*w
		}
		gain := float64(flip*m.Visible[i]) + unit.LogPartition32(m.HiddenUnits, moved) - unit.LogPartition32(m.HiddenUnits, z)
		sum -= float64(V) * (max(gain, 0) + math.Log1p(math.Exp(-math.Abs(gain)))) // ln σ(-gain)
	}
	return sum
}
