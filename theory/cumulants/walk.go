package cumulants

import (
	"cmp"
	"context"
)

// walker is what walks through the steps of a window, on any machine.
type walker interface {
	// enter and leave are called before and after some steps on a machine.
	enter(m *machine)
	leave(m *machine)
	// step makes the step of a number, counted from 0.
	step(m *machine, number int) error
}

// walk lets everyone make the steps from … to-1 of the window.
func (e *experiment) walk(ctx context.Context, from, to int, done func()) error {
	all := []walker{e.path}
	for _, t := range e.tangents {
		all = append(all, t)
	}
	for _, r := range e.replicas {
		all = append(all, r)
	}
	errs := make([]error, len(all))
	start := e.run.run.Steps
	e.pool.Run(len(all), func(i int) {
		m := <-e.machines
		defer func() { e.machines <- m }()
		errs[i] = walk(ctx, all[i], m, start+from, start+to, done)
	})
	return cmp.Or(errs...)
}

// walk lets one walker make the steps from … to-1 on a machine.
func walk(ctx context.Context, w walker, m *machine, from, to int, done func()) error {
	w.enter(m)
	defer w.leave(m)
	for number := from; number < to; number++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.step(m, number); err != nil {
			return err
		}
		done()
	}
	return nil
}
