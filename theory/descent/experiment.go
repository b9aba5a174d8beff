package descent

import (
	"context"
	"errors"
	"runtime"

	"ergon/internal/parallel"
)

// experiment is a step of a run, with the machines that measure there.
type experiment struct {
	weights  [][]float32 // of the run at the step
	pool     *parallel.Pool
	machines chan *machine // those that nobody works on
}

// experiment prepares measurements at the run's present weights. Close it, also after an error.
func (r *Run) experiment() (*experiment, error) {
	cores := runtime.GOMAXPROCS(0)
	e := &experiment{weights: copied(r.arrays()), machines: make(chan *machine, cores), pool: parallel.New(cores)}
	for range cores {
		m, err := newMachine(r.Live.Config, r.Live.Data)
		if err != nil {
			return e, err
		}
		e.machines <- m
	}
	return e, nil
}

// each calls work(0) … work(n-1) on the machines.
func (e *experiment) each(ctx context.Context, n int, work func(m *machine, i int) error) error {
	errs := make([]error, n)
	e.pool.Run(n, func(i int) {
		if errs[i] = ctx.Err(); errs[i] != nil {
			return
		}
		m := <-e.machines
		defer func() { e.machines <- m }()
		errs[i] = work(m, i)
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// close releases cores and machines.
func (e *experiment) close() error {
	e.pool.Close()
	close(e.machines)
	var errs []error
	for m := range e.machines {
		for _, p := range m.programs {
			errs = append(errs, p.Close())
		}
		m.engine.Close()
	}
	return errors.Join(errs...)
}
