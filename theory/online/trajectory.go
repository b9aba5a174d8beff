package online

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

func (o *Online) newTrajectory() *trajectory {
	rows := theory.NewMatrix(5, o.Points+2)
	return &trajectory{
		times: o.times(), distance: rows[0], displacement: rows[1],
		m0: rows[2], m1: rows[3], dissipation: rows[4],
	}
}

// curves returns the columns of the table.
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

// withSimulations returns the curves together with those of simulations.
func (c *trajectory) withSimulations(simulations []*trajectory) []theory.Curve {
	curves := c.curves()
	for _, simulation := range simulations {
		for i, column := range simulation.curves() {
			curves[i].Simulated, curves[i].Grain = append(curves[i].Simulated, column.Predicted), column.Grain
		}
	}
	return curves
}

// predict integrates the trajectory.
func (o *Online) predict(ctx context.Context) (*trajectory, error) {
	c := o.newTrajectory()
	if last := c.times[len(c.times)-1]; o.unclipped(last) > theory.DivergedAbove && math.IsInf(o.Bound, 1) {
		return nil, schema.Fieldf("time", "learning diverges: e is above %g at its end; give less, or a smaller eta", theory.DivergedAbove)
	}
	solution, err := theory.SolveODE(ctx, o.derivative(), []float64{o.Start, 0, 0, 0, 0}, c.times, o.Tolerance)
	if err != nil {
		return nil, err
	}
	for i, y := range solution {
		e, moved := max(0, y[0]), y[4]
		if math.IsInf(o.Bound, 1) {
			e, moved = o.unclipped(c.times[i]), o.moved(c.times[i])
		}
		c.distance[i], c.m1[i], c.dissipation[i] = e, y[2], y[3]
		c.m0[i] = o.P * float64(o.N) * c.times[i]
		c.displacement[i] = theory.MeanAbsNormal * math.Sqrt(max(0, moved))
	}
	return c, nil
}

// derivative returns dy/dt of y = (e; the part of w(0) - w* that is gone from w - w*; the
// sum of |Δw|; the sum of dissipation; |w(t) - w(0)|²/N). The last one follows from the
// first two, but where little moves their difference would be rounding error.
func (o *Online) derivative() theory.Derivative {
	rate, bound := o.effective()
	return func(_ float64, y, slope []float64) {
		e := max(y[0], 0)
		v := e + o.Noise*o.Noise
		mean := clippedAverages(bound / math.Sqrt(v))
		slope[0] = o.P * rate * (rate*mean.square*v - 2*mean.along*e)
		slope[1] = o.P * rate * mean.along * (1 - y[1])
		slope[2] = o.P * rate * mean.size * math.Sqrt(v*float64(o.N))
		slope[3] = o.P * rate * mean.along * v
		slope[4] = o.P * rate * (rate*mean.square*v - 2*mean.along*(y[4]-o.Start*y[1]))
	}
}

// unclipped returns e(t) without a clip.
func (o *Online) unclipped(t float64) float64 {
	decay, gained := o.decayed(t)
	return o.Start*math.Exp(-decay) + gained
}

// moved returns |w(t) - w(0)|²/N without a clip, e(t) - e(0)·(2·e^{-pηt} - 1).
func (o *Online) moved(t float64) float64 {
	rate, _ := o.effective()
	decay, gained := o.decayed(t)
	return o.Start*(math.Expm1(-decay)-2*math.Expm1(-o.P*rate*t)) + gained
}

// decayed returns without a clip the exponent pη(2-η)·t by which e(0) has decayed, and what
// the labels' noise has added to e.
func (o *Online) decayed(t float64) (decay, gained float64) {
	rate, _ := o.effective()
	decay = o.P * rate * (2 - rate) * t
	gained = o.P * rate * rate * o.Noise * o.Noise * t
	if decay != 0 {
		gained *= -math.Expm1(-decay) / decay
	}
	return decay, gained
}
