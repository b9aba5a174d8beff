package descent

import (
	"errors"
	"fmt"
	"math"

	"ergon/configs"
	"ergon/datasets"
	"ergon/graph"
	"ergon/graph/engine"
)

// machine is a copy of the run's network for one goroutine, on a single core.
type machine struct {
	engine   engine.Engine
	model    graph.Model
	weights  [][]float32 // the model's own, array by array
	programs map[program]*graph.Program
	labels   []int32
}

// program is what a compiled program is for: a batch size, and a rule's part of the backward
// pass; "" is the plain one.
type program struct {
	batch int
	rule  string
}

func newMachine(config *configs.Config, data *datasets.Data) (*machine, error) {
	spec := config.Engine
	spec.Threads = 1
	e, err := spec.Open()
	if err != nil {
		return nil, err
	}
	m := &machine{engine: e, programs: map[program]*graph.Program{}}
	if m.model, err = graph.NewModel(config.Model, data.Shape, data.Train.Outputs(), config.Seed); err != nil {
		e.Close()
		return nil, err
	}
	m.weights = arrays(m.model)
	return m, nil
}

// load sets the weights.
func (m *machine) load(weights [][]float32) {
	for a, w := range weights {
		copy(m.weights[a], w)
	}
}

// present runs examples of a set with a rule's backward pass. Its program is valid until the
// next call with the same rule and number of examples.
func (m *machine) present(set *datasets.Set, examples []int32, rule Rule) (*graph.Program, error) {
	p, err := m.program(len(examples), rule)
	if err != nil {
		return nil, err
	}
	set.Gather(examples, p.X, m.model.InputWidth(), p.Target)
	if err := p.Run(); err != nil {
		return nil, err
	}
	if loss := p.LossValue(); math.IsNaN(loss) || math.IsInf(loss, 0) {
		return nil, fmt.Errorf("the loss is not finite: the run diverges; take one with a smaller rule.optimizer.lr")
	}
	return p, nil
}

// program returns the program for a batch size and a rule, compiled once.
func (m *machine) program(batch int, rule Rule) (p *graph.Program, err error) {
	key, backward := program{batch: batch}, rule.backward()
	if backward.Gate != nil || backward.Filter != nil {
		key.rule = schemaText(&rule.rule)
	}
	if p = m.programs[key]; p != nil {
		return p, nil
	}
	if p, err = graph.CompileTraining(m.model, m.engine, batch, backward); err != nil {
		return nil, err
	}
	if !p.HasErrors() {
		return nil, errors.New("the model uses weights more than once: its errors are not known layer by layer")
	}
	m.programs[key] = p
	return p, nil
}

// arrays lists a model's weights and biases, layer by layer.
func arrays(m graph.Model) (all [][]float32) {
	for _, l := range m.Layers() {
		if !l.Tied {
			all = append(all, l.W)
		}
		if l.B != nil {
			all = append(all, l.B)
		}
	}
	return all
}

// copied returns a copy of arrays.
func copied(all [][]float32) (copies [][]float32) {
	for _, a := range all {
		copies = append(copies, append([]float32(nil), a...))
	}
	return copies
}
