package train

import (
	"errors"
	"io"

	"ergon/graph"
	"ergon/internal/npz"
	"ergon/internal/state"
	"ergon/train/rundir"
)

// How much is shown of the chains of a Boltzmann machine.
const (
	framesKept  = 20  // evaluations, at most, at which
	chainsKept  = 10  // so many chains are kept,
	chainsShown = 100 // and chains that are kept at the end
)

// frames are what the first chains C of a machine were at evaluations: the means of the visible
// units given the means of the hidden ones, given the chain's state. When there is no room for
// another frame every second one is dropped, and from then on twice as many evaluations go by
// from one frame to the next. So the frames are those of all evaluations whose number, from
// 0 on, is a multiple of the same power of 2.
type frames struct {
	means       []float32 // [framesKept,C,V]; those after the last are 0
	steps       []int     // after which each was taken
	evaluations int       // so far
	every       int       // evaluations from one frame to the next
}

func newFrames(chains, width int) *frames {
	return &frames{means: make([]float32, framesKept*chains*width), every: 1}
}

// size returns how many numbers a frame has.
func (f *frames) size() int { return len(f.means) / framesKept }

// add counts an evaluation after so many steps, and keeps a frame of it if that is due.
func (f *frames) add(means []float32, step int) {
	due := func() bool { return f.evaluations%f.every == 0 }
	if due() && len(f.steps) == framesKept {
		f.thin()
	}
	if due() {
		copy(f.means[len(f.steps)*f.size():], means[:f.size()])
		f.steps = append(f.steps, step)
	}
	f.evaluations++
}

// thin drops every second frame.
func (f *frames) thin() {
	n := f.size()
	for k := 0; 2*k < len(f.steps); k++ {
		f.steps[k] = f.steps[2*k]
		copy(f.means[k*n:(k+1)*n], f.means[2*k*n:])
	}
	f.steps = f.steps[:(len(f.steps)+1)/2]
	clear(f.means[len(f.steps)*n:])
	f.every *= 2
}

// State implements state.Stateful.
func (f *frames) State(v state.Visitor) {
	if f == nil {
		return
	}
	v.Float32s("means", f.means)
	v.JSON("steps", &f.steps)
	v.JSON("evaluations", &f.evaluations)
	v.JSON("every", &f.every)
}

// shown returns the chains that are kept at the end [N,V].
func (m *machine) shown() []float32 {
	return m.chains[:min(len(m.chains), chainsShown*m.model.InputWidth())]
}

// prepareFrames makes what looks at chains, where there are any.
func (m *machine) prepareFrames() (err error) {
	if m.model.Negative() == graph.Enumerated {
		return nil
	}
	V := m.model.InputWidth()
	n := len(m.shown()) / V
	m.frames = newFrames(min(n, chainsKept), V)
	m.portrait, err = graph.CompileReflection(m.model, m.run.Engine, n)
	return err
}

// portray returns the means of the visible units of the chains that are shown [N,V], as frames
// has them. They are valid until the next call.
func (m *machine) portray() ([]float32, error) {
	copy(m.portrait.X, m.shown())
	if err := m.portrait.Run(); err != nil {
		return nil, err
	}
	return m.portrait.Reflected(), nil
}

// film keeps a frame of the chains at an evaluation.
func (m *machine) film() error {
	if m.frames == nil {
		return nil
	}
	means, err := m.portray()
	if err == nil {
		m.frames.add(means, m.run.Steps)
	}
	return err
}

// saveChains writes what the chains of a Boltzmann machine were.
func saveChains(d *rundir.Writer, m *machine) error {
	if m == nil || m.frames == nil {
		return nil
	}
	return d.WriteWith(rundir.ChainsFile, m.archiveChains)
}

// archiveChains writes chains.npz: frames [T,C,V] with the steps [T] after which they were
// taken; and of the chains at the end the states [N,V] and the means [N,V] as frames have them.
func (m *machine) archiveChains(w io.Writer) error {
	means, err := m.portray()
	if err != nil {
		return err
	}
	V := m.model.InputWidth()
	f, n := m.frames, len(means)/V
	taken := len(f.steps)
	archive := npz.NewWriter(w)
	return errors.Join(
		archive.Write("steps", widen(f.steps), taken),
		archive.Write("frames", widen(f.means[:taken*f.size()]), taken, f.size()/V, V),
		archive.Write("states", widen(m.shown()), n, V),
		archive.Write("means", widen(means), n, V),
		archive.Close(),
	)
}
