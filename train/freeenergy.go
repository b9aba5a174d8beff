package train

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"ergon/configs"
	"ergon/graph"
	"ergon/graph/engine"
	"ergon/internal/entropy"
	"ergon/internal/finite"
	"ergon/internal/philox"
	"ergon/internal/schema"
	"ergon/internal/state"
	"ergon/masks"
	"ergon/train/rundir"
)

// freeEnergy measures U and S of a run in windows of steps, as rundir.FreeEnergy says. nil
// measures nothing.
type freeEnergy struct {
	spec      configs.FreeEnergy
	dimension int
	ends      []int       // last steps of the windows, ascending
	learned   [][]float32 // the model's own arrays that can be learned
	joined    []float32   // scratch: their numbers, as one vector
	program   *graph.Program
	order     philox.Stream // draws the batches of the gradients at the end of a window
	batch     []int32       // the one drawn last

	weights *entropy.Window // of the window in progress
	losses  []float64       // of its batches, each before its update
	windows []rundir.FreeEnergyWindow
}

// mostWindowBytes is the most memory that a window may take.
const mostWindowBytes = 16 << 30

// newFreeEnergy returns nil if the config does not ask for it.
func newFreeEnergy(r *Run) (*freeEnergy, error) {
	spec := r.Config.Free
	if spec.Window == 0 {
		return nil, nil
	}
	if _, ok := engine.DeviceOf(r.Engine); ok {
		return nil, schema.Under("free_energy", schema.Fieldf("window", "%d, and a GPU does not hand out the weights after each step; set engine.device=cpu, or window 0", spec.Window))
	}
	if err := r.checkDensity(); err != nil {
		return nil, err
	}
	if limit := r.Limit(); limit < spec.Span() {
		return nil, schema.Under("free_energy", schema.Fieldf("window", "%d steps, and the run makes %d; take a smaller window, or a longer run", spec.Span(), limit))
	}
	f := &freeEnergy{
		spec: spec, ends: windowEnds(spec, r.Limit()), learned: learnedArrays(r.Model), dimension: freeDimension(r),
		order: philox.New(r.Config.Seed, "order"), batch: make([]int32, min(r.Config.Train.Batch, r.Data.Train.Len())),
	}
	components := 0
	for _, a := range f.learned {
		components += len(a)
	}
	if bytes := windowBytes(spec, components); bytes > mostWindowBytes {
		return nil, schema.Under("free_energy", schema.Fieldf("window", "%d times %d weights, and their distances, take %.3g GB of memory, and %.3g are allowed; take a smaller window", spec.Window, components, bytes/1e9, float64(mostWindowBytes)/1e9))
	}
	f.joined, f.weights = make([]float32, components), entropy.NewWindow(spec.Window, components)
	return f, nil
}

// windowBytes returns the memory that a window takes: 4 bytes of each weight, and at its end 8 of each of the
// n²/2 distances, of the components that are read at a time, and of the nearest neighbours.
func windowBytes(spec configs.FreeEnergy, components int) float64 {
	n := float64(spec.Window)
	return n * (4*float64(components) + 4*n + 8*1024 + 8*float64(spec.Neighbours))
}

// windowEnds returns the last steps of the windows of a run: span·10^{j/per_decade} as long
// as two do not overlap, and the run's last.
func windowEnds(spec configs.FreeEnergy, limit int) (ends []int) {
	if span := spec.Span(); spec.PerDecade > 0 {
		for j := 0; ; j++ {
			at := math.Round(float64(span) * math.Pow(10, float64(j)/float64(spec.PerDecade)))
			if at > float64(limit-span) {
				break
			}
			end := int(at)
			if len(ends) == 0 || end >= ends[len(ends)-1]+span {
				ends = append(ends, end)
			}
		}
	}
	return append(ends, limit)
}

// learnedArrays lists the weights and biases of a model that can be learned.
func learnedArrays(m graph.Model) (all [][]float32) {
	for _, l := range m.Layers() {
		if l.Fixed {
			continue
		}
		all = append(all, l.W)
		if l.B != nil {
			all = append(all, l.B)
		}
	}
	return all
}

// freeDimension returns the dimension of what the learned weights of a run move on: one less
// for each norm that rule.project holds.
func freeDimension(r *Run) int {
	n := graph.Parameters(r.Model)
	projected, target := r.Config.Rule.Projected(r.network(), masks.Arrays(r.network().Layers))
	switch {
	case target == nil:
		return n
	case target.Layers:
		return n - len(projected)
	}
	return n - 1
}

// observe looks at the weights after a step, and at the loss of its batch before it.
func (f *freeEnergy) observe(r *Run) error {
	if f == nil || len(f.windows) == len(f.ends) {
		return nil
	}
	before := f.ends[len(f.windows)] - r.Steps // steps to the window's end
	if before >= f.spec.Span() {
		return nil
	}
	f.losses = append(f.losses, r.Loss)
	if before%(f.spec.Skip+1) != 0 {
		return nil
	}
	joined := f.joined
	for _, a := range f.learned {
		joined = joined[copy(joined, a):]
	}
	return f.weights.Add(f.joined)
}

// due says whether a window is full and not estimated yet.
func (f *freeEnergy) due() bool { return f != nil && f.weights.Len() == f.spec.Window }

// estimate ends the window that is full. An error of ctx leaves it full.
func (f *freeEnergy) estimate(ctx context.Context, r *Run) error {
	nearest, err := entropy.Nearest(ctx, f.weights, f.spec.Neighbours)
	if err != nil {
		return err
	}
	w := rundir.FreeEnergyWindow{
		Step: r.Steps, Steps: len(f.losses), Weights: f.weights.Len(), Energy: stat.Mean(f.losses, nil), EnergyError: finite.OrNil(blockError(f.losses)),
		Entropy: finite.OrNil(nearest.CostaHero(f.spec.Neighbours, f.dimension)), EntropyKL: finite.OrNil(nearest.KozachenkoLeonenko(1, f.dimension)),
	}
	if err := f.gradients(ctx, r, &w); err != nil {
		return err
	}
	f.windows = append(f.windows, w)
	f.losses = f.losses[:0]
	f.weights.Clear()
	return nil
}

// blocks is how many parts of a window the standard error of its mean loss is estimated
// from: batches that follow each other are not independent.
const blocks = 10

// blockError returns the standard error of a mean by the means of blocks, NaN of blocks of one.
func blockError(values []float64) float64 {
	length := len(values) / blocks
	if length < 2 {
		return math.NaN()
	}
	var means [blocks]float64
	for b := range means {
		means[b] = stat.Mean(values[b*length:(b+1)*length], nil)
	}
	return stat.StdDev(means[:], nil) / math.Sqrt(blocks)
}

// report returns what is measured, and why the last window is not there; nil and nothing if
// nothing was asked for.
func (f *freeEnergy) report(r *Run) (measured *rundir.FreeEnergy, reason string) {
	if f == nil {
		return nil, ""
	}
	if missing := len(f.ends) - len(f.windows); missing > 0 {
		reason = fmt.Sprintf("the run ended after step %d, and its last window ends with step %d", r.Steps, f.ends[len(f.ends)-1])
	}
	return &rundir.FreeEnergy{Dimension: f.dimension, Neighbours: f.spec.Neighbours, Windows: append([]rundir.FreeEnergyWindow{}, f.windows...)}, reason
}

// State implements state.Stateful. nil has no state.
func (f *freeEnergy) State(v state.Visitor) {
	if f == nil {
		return
	}
	state.Under(v, "weights", f.weights)
	v.JSON("losses", &f.losses)
	v.JSON("windows", &f.windows)
}
