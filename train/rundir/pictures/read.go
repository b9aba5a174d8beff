package pictures

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"ergon/internal/bounded"
	"ergon/internal/npz"
	"ergon/train/rundir"
)

// run is what a run left, as far as it is drawn.
type run struct {
	name          string
	height, width int       // of an image of the visible units, some of whose last places may be empty
	hidden        int       // units
	weights       []float64 // [V,H]
	chains        *chains   // nil: the machine had none
	evaluations   []rundir.Metrics
}

// chains are what chains.npz has.
type chains struct {
	steps  []float64   // [T]
	frames [][]float64 // [T·C] rows [V], those of the first frame first
	means  [][]float64 // [N] rows [V]: at the end
}

// perFrame returns C.
func (c *chains) perFrame() int { return len(c.frames) / max(1, len(c.steps)) }

// visible returns V.
func (r *run) visible() int { return len(r.weights) / r.hidden }

// most is how many bytes an archive of a run may have.
const most = 1 << 30

// read reads a run of a Boltzmann machine. The error of any other one is ErrNone.
func read(d rundir.Directory) (*run, error) {
	r := &run{name: d.Base()}
	if err := r.readEvaluations(d); err != nil {
		return nil, err
	}
	archive, err := arraysOf(d, rundir.ChainsFile)
	if errors.Is(err, fs.ErrNotExist) && len(r.evaluations) == 0 {
		return nil, fmt.Errorf("%s: %w", d, ErrNone)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	meta, err := d.Meta()
	if err != nil {
		return nil, err
	}
	if err := r.readWeights(d); err != nil {
		return nil, err
	}
	var shape []int
	if meta.Data != nil {
		shape = meta.Data.Shape
	}
	r.height, r.width = imageShape(shape, r.visible())
	if archive != nil {
		if r.chains, err = chainsIn(archive, r.visible()); err != nil {
			return nil, fmt.Errorf("%s: %w", d.Path(rundir.ChainsFile), err)
		}
	}
	return r, nil
}

// readEvaluations reads the evaluations that have singular values.
func (r *run) readEvaluations(d rundir.Directory) error {
	err := bounded.LinesIn(string(d), rundir.MetricsFile, func(line []byte) error {
		var m rundir.Metrics
		if err := bounded.JSON(line, &m); err != nil {
			return err
		}
		if m.Boltzmann != nil && m.Boltzmann.Spectrum != nil && len(m.Boltzmann.SingularValues) > 0 {
			r.evaluations = append(r.evaluations, m)
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) { // stopped before it began
		return nil
	}
	return err
}

// readWeights reads W from the final weights.
func (r *run) readWeights(d rundir.Directory) error {
	name := rundir.CheckpointsFolder + "/" + rundir.WeightsFile
	archive, err := arraysOf(d, name)
	if err != nil {
		return err
	}
	w := archive["W1"]
	if len(w.Shape) != 2 || len(w.Data) == 0 {
		return fmt.Errorf("%s: W1 has the shape %d, want [visible,hidden] units", d.Path(name), w.Shape)
	}
	r.weights, r.hidden = w.Data, w.Shape[1]
	return nil
}

// arraysOf reads an archive of a run.
func arraysOf(d rundir.Directory, name string) (map[string]npz.Array, error) {
	text, err := bounded.FileIn(string(d), name, most)
	if err != nil {
		return nil, err
	}
	arrays, err := npz.Read(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Path(name), err)
	}
	return arrays, nil
}

// chainsIn returns the chains of an archive, of so many visible units.
func chainsIn(archive map[string]npz.Array, visible int) (*chains, error) {
	steps, frames, means := archive["steps"], archive["frames"], archive["means"]
	if len(steps.Shape) != 1 || len(frames.Shape) != 3 || len(means.Shape) != 2 || frames.Shape[0] != len(steps.Data) ||
		frames.Shape[2] != visible || means.Shape[1] != visible || means.Shape[0] < frames.Shape[1] {
		return nil, fmt.Errorf("steps, frames and means have the shapes %d, %d and %d of %d units: no run writes this", steps.Shape, frames.Shape, means.Shape, visible)
	}
	return &chains{
		steps: steps.Data, frames: slices.Collect(slices.Chunk(frames.Data, visible)), means: slices.Collect(slices.Chunk(means.Data, visible)),
	}, nil
}
