package sphere

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"ergon/internal/entropy"
	"ergon/internal/philox"
	"ergon/theory"
)

// predictCollapse is the prediction of kind op.
func (s *Sphere) predictCollapse(ctx context.Context) (*theory.Result, error) {
	rates := s.rates()
	falls, err := s.fall(ctx, rates)
	if err != nil {
		return nil, err
	}
	rows := make([][]theory.Quantity, len(rates))
	for i, rate := range rates {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c := collapseAt(rate)
		rows[i] = []theory.Quantity{
			theory.Value("eta", rate),
			{Name: "collapse_steps", Predicted: meanCollapse(rate)},
			{Name: "growth", Predicted: 2 * c.growth},
			{Name: "snr", Predicted: c.snr},
			{Name: "temperature_over_loss", Predicted: 1},
			{Name: "excess", Predicted: 0},
			{Name: "temperature", Predicted: 0},
		}
		if falls == nil {
			continue
		}
		for q, values := range [][][]float64{falls.steps, falls.growth, falls.snr, falls.slope} {
			rows[i][1+q].Simulations = theory.Simulated(theory.EstimateMean(values[i]))
		}
	}
	result := theory.Table(rows)
	own := s.own(rates)
	addMeasured(result, rows[own])
	if falls != nil {
		last := stat.Mean(falls.last[own], nil)
		result.Scalars["excess"] = theory.Known(last)
		result.Scalars["temperature"] = theory.Known(last * stat.Mean(falls.slope[own], nil))
	}
	result.Notes = []string{
		fmt.Sprintf("collapse_steps until the loss is below %g; its prediction follows the mean gradient. growth is that of ln loss in a step, -η to leading order", collapsed),
		"snr between losses of 1e-6 and 1e-16; 1/√3 to leading order in η",
		"temperature_over_loss is (dU/dS)/U over windows of the collapse: all of it shrinks alike, so that S = ln U + const. excess and temperature are those of the last window, and end at 0",
	}
	if falls != nil && result.Scalars["temperature"] == nil {
		result.Notes = append(result.Notes, "excess and temperature are not known: at this rate a collapse is over before there are windows of it")
	}
	return result, nil
}

// falls is what walkers of kind op measured at each rate.
type falls struct {
	steps, growth, snr, slope, last [][]float64 // [rates][walkers]
}

// near is the loss below which only the direction of (x, y) matters.
const near = 1e-6

// fall lets the walkers fall, each on one core.
func (s *Sphere) fall(ctx context.Context, rates []float64) (*falls, error) {
	if s.Simulate == 0 {
		return nil, nil
	}
	m := func() [][]float64 { return theory.NewMatrix(len(rates), s.Simulate) }
	f := &falls{m(), m(), m(), m(), m()}
	err := theory.Walkers(ctx, len(rates), s.Simulate, func(r, n int) error {
		return s.fallOne(ctx, f, rates[r], r, n)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// fallOne is walker number n at rate number r.
func (s *Sphere) fallOne(ctx context.Context, f *falls, rate float64, r, n int) error {
	stream := philox.New(s.Seed, fmt.Sprintf("sphere/op/%g/%d", rate, n))
	e, x := examplesOf("op"), start
	w := newFallWindows(rate)
	var first, observed int
	var from float64
	for t := 0; ; t++ {
		loss := e.loss(x)
		if loss < collapsed {
			f.steps[r][n] = float64(t)
			f.growth[r][n] = math.Log(loss/from) / float64(t-first)
			f.snr[r][n] /= float64(observed)
			f.slope[r][n], f.last[r][n] = w.slope(), w.lastEnergy()
			return w.err
		}
		if t%1024 == 0 && ctx.Err() != nil {
			return nil
		}
		if loss < near {
			if observed == 0 {
				first, from = t, loss
			}
			signal, noise := e.gradients(x)
			f.snr[r][n] += signal / noise
			observed++
			w.observe(ctx, t-first, loss, x)
		}
		x = e.step(stream.Intn(uint64(t), 0, len(e)), x, rate)
	}
}

// fallWindows estimates U and S over windows of a collapse that follow each other, each 2/η steps long.
type fallWindows struct {
	every           int // steps between iterates of a window
	window          *entropy.Window
	sum             float64
	energy, entropy []float64 // of the windows that ended
	err             error
}

// iterates is how many make a window.
const iterates = 100

func newFallWindows(rate float64) *fallWindows {
	return &fallWindows{every: max(1, int(2/rate/iterates)), window: entropy.NewWindow(iterates, 2)}
}

// observe enters the iterate of a step.
func (w *fallWindows) observe(ctx context.Context, t int, loss float64, x vector) {
	if t%w.every != 0 || w.err != nil {
		return
	}
	w.sum += loss / iterates
	if w.err = w.window.Add([]float32{float32(x[0]), float32(x[1])}); w.err != nil || w.window.Len() < iterates {
		return
	}
	nearest, err := entropy.Nearest(ctx, w.window, neighbours)
	if err != nil {
		w.err = err
		return
	}
	w.energy, w.entropy = append(w.energy, w.sum), append(w.entropy, nearest.KozachenkoLeonenko(neighbours, 2))
	w.sum, w.window = 0, entropy.NewWindow(iterates, 2)
}

// slope returns d ln U/dS over the windows, NaN of fewer than two.
func (w *fallWindows) slope() float64 {
	if len(w.energy) < 2 {
		return math.NaN()
	}
	logs := make([]float64, len(w.energy))
	for i, u := range w.energy {
		logs[i] = math.Log(u)
	}
	_, slope := stat.LinearRegression(w.entropy, logs, nil, false)
	return slope
}

// lastEnergy returns the mean loss of the last window.
func (w *fallWindows) lastEnergy() float64 {
	if len(w.energy) == 0 {
		return math.NaN()
	}
	return w.energy[len(w.energy)-1]
}
