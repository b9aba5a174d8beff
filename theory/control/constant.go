package control

import (
	"context"

	"gonum.org/v1/gonum/optimize"
)

// constant returns the best course of one piece, which may be the best that was found. That of dropout with a given η is tested with its p as
// the scale, as dropout is. It is nil where no constant course reaches the target.
func (c *Control) constant(ctx context.Context, best *plan) (*steady, error) {
	if c.Aim != "error" || c.Mask != "dropout" || c.Rate == 0 {
		if c.Pieces == 1 {
			return &steady{plan: best}, nil
		}
		p, err := c.solve(ctx, 1)
		if err != nil {
			return nil, ctx.Err()
		}
		return &steady{plan: p}, nil
	}
	s := &steady{plan: c.plan(1), tied: true}
	at := func(p float64) float64 {
		s.controls[0] = control{p, c.Rate}
		s.follow()
		return s.end().error
	}
	if c.Constant > 0 {
		at(c.Constant)
		return s, nil
	}
	found, err := optimize.Minimize(optimize.Problem{Func: func(x []float64) float64 {
		if x[0] <= 0 || x[0] > 1 {
			return 1e6
		}
		return at(x[0])
	}}, []float64{0.7}, &optimize.Settings{FuncEvaluations: 200, Concurrent: 1}, &optimize.NelderMead{SimplexSize: 0.1})
	if found == nil {
		return nil, err
	}
	at(found.X[0])
	return s, ctx.Err()
}

// steady is a constant course.
type steady struct {
	*plan
	tied bool // its output is scaled by p
}

func (s *steady) end() point {
	e := s.plan.end()
	if s.tied {
		y := s.states[1]
		e.scale = s.controls[0].p
		e.error = s.scaledAt(y, e.scale)
	}
	return e
}
