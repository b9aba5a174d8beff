package selection

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"

	"ergon/internal/schema"
	"ergon/theory"
)

// trajectory is how learning proceeds, predicted or simulated, at the times of the rows
// and at one more after the last.
type trajectory struct {
	times                  []float64
	distance, displacement []float64 // |w-w*|²/N, mean |w(t)-w(0)|
	m0, m1, dissipation    []float64 // per synapse, since the start
	grain                  float64   // of a simulation: 1/N, of which m0 is a multiple
}

func (s *Selection) newTrajectory() *trajectory {
	rows := theory.NewMatrix(5, s.Points+2)
	return &trajectory{
		times: s.times(), distance: rows[0], displacement: rows[1],
		m0: rows[2], m1: rows[3], dissipation: rows[4],
	}
}

// curves returns the columns of the table that simulations have.
func (c *trajectory) curves() []theory.Curve {
	rows := len(c.times) - 1
	inefficiency := make([]float64, rows)
	floats.DivTo(inefficiency, c.m1[:rows], c.displacement[:rows])
	inefficiency[0] = 1 // as after one presentation, whose path is straight
	return []theory.Curve{
		{Name: "e", Predicted: c.distance[:rows]},
		{Name: "m0", Predicted: c.rates(c.m0), Grain: c.grain / (c.times[1] - c.times[0])},
		{Name: "m1", Predicted: c.rates(c.m1)},
		{Name: "dissipation", Predicted: c.rates(c.dissipation)},
		{Name: "m0_total", Predicted: c.m0[:rows], Grain: c.grain},
		{Name: "m1_total", Predicted: c.m1[:rows]},
		{Name: "m1_min", Predicted: c.displacement[:rows]},
		{Name: "inefficiency", Predicted: inefficiency},
	}
}

// rates returns by how much sums grow per unit of time between one row and the next.
func (c *trajectory) rates(sums []float64) []float64 {
	rates := make([]float64, len(sums)-1)
	for i := range rates {
		rates[i] = (sums[i+1] - sums[i]) / (c.times[i+1] - c.times[i])
	}
	return rates
}

// prediction is a trajectory with what it shares with learning without selection.
type prediction struct {
	*trajectory
	along, share, clock []float64 // a and p at the times; the time at which the dense rule has this e
	m0Saving, m1Saving  []float64 // what that rule has spent by then, over m0 and m1
}

// withSimulations returns all curves, together with those of simulations.
func (c *prediction) withSimulations(simulations []*trajectory) []theory.Curve {
	curves := c.curves()
	for _, simulation := range simulations {
		for i, column := range simulation.curves() {
			curves[i].Simulated, curves[i].Grain = append(curves[i].Simulated, column.Predicted), column.Grain
		}
	}
	rows := len(c.times) - 1
	return append(curves,
		theory.Curve{Name: "a", Predicted: c.along[:rows]}, theory.Curve{Name: "p", Predicted: c.share[:rows]},
		theory.Curve{Name: "clock", Predicted: c.clock[:rows]},
		theory.Curve{Name: "saving", Predicted: c.m0Saving[:rows]}, theory.Curve{Name: "m1_saving", Predicted: c.m1Saving[:rows]})
}

// The places of what is integrated: the clock τ, and since the start ∫p dt, M1 and
// dissipation, and M1 of the dense rule up to its time τ.
const (
	placeClock = iota
	placeShare
	placeM1
	placeDissipation
	placeDense
	places
)

// predict integrates the trajectory.
func (s *Selection) predict(ctx context.Context) (*prediction, error) {
	c := &prediction{trajectory: s.newTrajectory()}
	last := c.times[len(c.times)-1]
	if s.distance(last) > theory.DivergedAbove {
		return nil, schema.Fieldf("time", "learning may diverge: e is above %g at its end if all synapses change; give less, or a smaller eta", theory.DivergedAbove)
	}
	l := s.limits()
	solution, err := theory.SolveODE(ctx, s.derivative(l), make([]float64, places), c.times, s.Tolerance)
	if err != nil {
		return nil, err
	}
	extra := theory.NewMatrix(5, len(c.times))
	c.along, c.share, c.clock, c.m0Saving, c.m1Saving = extra[0], extra[1], extra[2], extra[3], extra[4]
	for i, y := range solution {
		c.distance[i], c.displacement[i] = s.distance(y[placeClock]), theory.MeanAbsNormal*math.Sqrt(max(0, s.moved(y[placeClock])))
		c.m0[i], c.m1[i], c.dissipation[i] = y[placeShare]*float64(s.N), y[placeM1], y[placeDissipation]
		mean := l.averages(c.distance[i] + s.Noise*s.Noise)
		c.along[i], c.share[i], c.clock[i] = mean.Square, mean.Share, y[placeClock]
		if i == 0 { // the ratios of the first instant
			c.m0Saving[i], c.m1Saving[i] = mean.Square/mean.Share, 2/math.Pi*mean.Square/mean.Size
			continue
		}
		c.m0Saving[i], c.m1Saving[i] = y[placeClock]/y[placeShare], y[placeDense]/y[placeM1]
	}
	return c, nil
}

// derivative returns what is added in a unit of t to the numbers at their places.
func (s *Selection) derivative(l limits) theory.Derivative {
	root := math.Sqrt(float64(s.N))
	return func(_ float64, y, slope []float64) {
		v := s.distance(y[placeClock]) + s.Noise*s.Noise
		mean := l.averages(v)
		slope[placeClock], slope[placeShare] = mean.Square, mean.Share
		slope[placeM1] = root * s.LearningRate * mean.Size * math.Sqrt(v)
		slope[placeDissipation] = s.LearningRate * mean.Square * v
		slope[placeDense] = root * s.LearningRate * 2 / math.Pi * math.Sqrt(v) * mean.Square
	}
}

// distance returns e without selection at its time τ, e∞ + (e(0)-e∞)·e^{-η(2-η)τ}.
func (s *Selection) distance(clock float64) float64 {
	decay, gained := s.decayed(clock)
	return s.Start*math.Exp(-decay) + gained
}

// moved returns |w - w(0)|²/N at the same time, e - e(0)·(2·e^{-ητ} - 1).
func (s *Selection) moved(clock float64) float64 {
	decay, gained := s.decayed(clock)
	return s.Start*(math.Expm1(-decay)-2*math.Expm1(-s.LearningRate*clock)) + gained
}

// decayed returns the exponent η(2-η)·τ by which e(0) has decayed, and what the labels'
// noise has added to e.
func (s *Selection) decayed(clock float64) (decay, gained float64) {
	decay = s.LearningRate * (2 - s.LearningRate) * clock
	gained = s.LearningRate * s.LearningRate * s.Noise * s.Noise * clock
	if decay != 0 {
		gained *= -math.Expm1(-decay) / decay
	}
	return decay, gained
}
