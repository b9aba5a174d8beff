package cumulants

import (
	"fmt"
	"math"

	G "gorgonia.org/gorgonia"

	"ergon/configs"
	"ergon/datasets"
	"ergon/graph"
	"ergon/graph/engine"
)

// machine is a copy of a run's network for one goroutine: it presents what the
// run presents in a step, on weights of one's choice.
type machine struct {
	data     *datasets.Set
	engine   engine.Engine
	model    graph.Model
	backward graph.Backward
	sampler  *datasets.Sampler
	programs map[int]*graph.Program // by batch size
	weights  [][]float32            // the model's own, array by array
}

// newMachine builds one that keeps to a single core.
func newMachine(config *configs.Config, data *datasets.Data) (*machine, error) {
	spec := config.Engine
	spec.Threads = 1
	e, err := spec.Open()
	if err != nil {
		return nil, err
	}
	m := &machine{data: data.Train, engine: e, programs: map[int]*graph.Program{}}
	if filter := config.Rule.Error; !filter.KeepsAll() {
		m.backward.Filter = filter
	}
	if m.model, err = graph.NewModel(config.Model, data.Shape, data.Train.Outputs(), config.Seed); err == nil {
		m.weights = arrays(m.model)
		m.sampler, err = datasets.NewSampler(config.Train.Sampling, data.Train.Len(), config.Train.Batch, config.Seed)
	}
	if err != nil {
		e.Close()
		return nil, err
	}
	return m, nil
}

// present runs the presentations of a step, counted from 0, and returns the
// weights with their gradients, valid until the next call.
func (m *machine) present(step int) ([]G.ValueGrad, error) {
	batch := m.sampler.Batch(uint64(step))
	p, err := m.program(len(batch))
	if err != nil {
		return nil, err
	}
	m.data.Gather(batch, p.X, m.model.InputWidth(), p.Target)
	if err := p.Run(); err != nil {
		return nil, err
	}
	if loss := p.LossValue(); math.IsNaN(loss) || math.IsInf(loss, 0) {
		return nil, fmt.Errorf("the loss of step %d is not finite; give a shorter window, or a run with a smaller rule.optimizer.lr", step+1)
	}
	return p.Parameters(), nil
}

// program returns the training program for a batch size, compiled once.
func (m *machine) program(batch int) (p *graph.Program, err error) {
	if p = m.programs[batch]; p == nil {
		p, err = graph.CompileTraining(m.model, m.engine, batch, m.backward)
		m.programs[batch] = p
	}
	return p, err
}

// updates writes u_j of a step at the present weights.
func (m *machine) updates(step int, law *Law, u [][]float32) error {
	parameters, err := m.present(step)
	if err != nil {
		return err
	}
	for a, parameter := range parameters {
		gradient, err := parameter.Grad()
		if err != nil {
			return err
		}
		law.updates(a, gradient.Data().([]float32), u[a])
	}
	return nil
}

// load sets the weights.
func (m *machine) load(weights [][]float32) {
	for a, w := range weights {
		copy(m.weights[a], w)
	}
}
