package sweep

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"ergon/internal/atomicfile"
	"ergon/internal/folderlock"
	"ergon/train"
)

// Options say how cells are run.
type Options struct {
	Out   string // folder of the benchmark
	Held  bool   // Out is held by the caller: see Hold
	Jobs  int    // runs at the same time; 0: one a core, or as many as are good on a GPU
	Force bool   // run finished cells anew
	// Shared: other processes run other cells of the folder at the same time, or even the
	// same ones. A cell that one of them runs now fails with rundir.ErrHeld, one that it
	// takes over with rundir.ErrLost; one that it has finished meanwhile is left alone.
	Shared bool
	// Note, which may be nil, is told what a user should know of finished cells and of
	// the data. Calls do not overlap.
	Note  func(text string)
	Asked *Asked // whose results the folder may hold; nil: the folder is not checked
	// Observe, which may be nil, is told of each run that begins or ends. Calls
	// do not overlap.
	Observe func(Progress)
}

// Progress is how far a benchmark is. Cells of equal config are one run.
type Progress struct {
	Ended   *Outcome // of the run that ended here; nil where one began, or was found finished by another process
	Done    int      // runs finished, those of earlier calls included
	Running int
	Total   int
}

// Folder returns the usual folder of a benchmark.
func (b *Bench) Folder() string { return filepath.Join("runs", "bench-"+b.Name) }

// Hold makes a benchmark's folder and keeps other processes out of it until release is
// called: between the rungs of a search, and until the results are written. A call of
// Run that is not told of it holds the folder while it runs cells, and no longer.
func Hold(out string) (release func(), err error) { return hold(out, folderlock.Acquire) }

// hold makes a folder and locks it.
func hold(out string, lock func(string) (func(), error)) (release func(), err error) {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return nil, elsewhere(err)
	}
	return lock(out)
}

// Run runs the cells that are not finished, several at a time, until all are
// done or ctx ends, and returns an outcome for each cell in their order. What
// becomes of a cell is in its outcome and stops no other; the error is about
// finished cells whose data or price tables are others now, and about
// the folder, which no two processes may use at the same time, nor two
// benchmarks.
func Run(ctx context.Context, cells []Cell, options Options) ([]Outcome, error) {
	release, err := options.open(cells)
	if err != nil {
		return nil, err
	}
	defer release()
	p := newPool(cells, options)
	if err := p.audit.verdict(); err != nil {
		return nil, err
	}
	p.run(ctx)
	return p.outcomesOf(cells), nil
}

// Look returns what is known of cells without running any. The error is as that of [Run].
func Look(cells []Cell, options Options) ([]Outcome, error) {
	p := newPool(cells, options)
	return p.outcomesOf(cells), p.audit.verdict()
}

// open holds the folder, unless it is held, until release is called, and makes room in it.
func (o *Options) open(cells []Cell) (release func(), err error) {
	release = func() {}
	switch {
	case o.Held:
	case o.Shared:
		release, err = hold(o.Out, folderlock.AcquireShared)
	default:
		release, err = Hold(o.Out)
	}
	if err != nil {
		return nil, err
	}
	if err := o.makeRoom(cells); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

// makeRoom checks that results of the cells may be written into the folder, which is held.
func (o *Options) makeRoom(cells []Cell) error {
	if o.Asked != nil {
		return o.Asked.Claim(o.Out, cells, o.Force)
	}
	return makeCells(o.Out, cells)
}

// elsewhere is the error of a folder that cannot be used.
func elsewhere(err error) error { return fmt.Errorf("%w; choose another folder with --out", err) }

// outcomesOf returns an outcome for each cell.
func (p *pool) outcomesOf(cells []Cell) []Outcome {
	outcomes := make([]Outcome, len(cells))
	for i, c := range cells {
		outcomes[i] = *p.outcomes[c.Hash]
		outcomes[i].Cell = c
	}
	return outcomes
}

// makeCells makes the folder of cells, none of which may be a link to another place.
func makeCells(out string, cells []Cell) error {
	if err := atomicfile.Within(out, cellsFolder); err != nil {
		return elsewhere(err)
	}
	if err := atomicfile.MakeIn(out, cellsFolder); err != nil {
		return elsewhere(err)
	}
	for i := range cells {
		if err := atomicfile.Within(out, filepath.Join(cellsFolder, cells[i].Hash)); err != nil {
			return elsewhere(err)
		}
	}
	return nil
}

// pool runs the outstanding cells.
type pool struct {
	options  Options
	audit    *audit
	outcomes map[string]*Outcome // by hash
	waiting  []*Outcome
	mu       sync.Mutex // of the counts and Observe
	done     int
	running  int
}

// newPool looks at what is finished. Cells of equal hash are one.
func newPool(cells []Cell, options Options) *pool {
	p := &pool{options: options, audit: newAudit(options.Note), outcomes: map[string]*Outcome{}}
	for _, c := range cells {
		if p.outcomes[c.Hash] != nil {
			continue
		}
		o := look(c, options.Out)
		if o.Reused && !options.Force {
			p.audit.look(&o)
		}
		p.outcomes[c.Hash] = &o
		if o.Reused && !options.Force {
			p.done++
		} else {
			o.reset() // with force, what an earlier call made of it
			o.Directory = c.Directory(options.Out)
			p.waiting = append(p.waiting, &o)
		}
	}
	return p
}

// run hands the waiting cells to workers.
func (p *pool) run(ctx context.Context) {
	plan := newPlan(p.waiting, p.options.Jobs)
	if len(p.waiting) > 0 {
		train.Executable() // once, and not while runs take their time
	}
	queue := make(chan []*Outcome, len(plan.groups))
	for _, group := range plan.groups {
		queue <- group
	}
	close(queue)
	var working sync.WaitGroup
	for range plan.workers {
		working.Go(func() {
			w := &worker{audit: p.audit, force: p.options.Force, shared: p.options.Shared}
			for group := range queue {
				if ctx.Err() != nil {
					return
				}
				p.tell(nil, len(group))
				w.run(ctx, group)
				for _, o := range group {
					p.tell(o, -1)
				}
			}
		})
	}
	working.Wait()
}

// tell reports that a run began, or the one that ended.
func (p *pool) tell(ended *Outcome, running int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running += running
	if ended != nil && ended.Finished() {
		p.done++
		if ended.Reused { // by another process, which tells of it
			ended = nil
		}
	}
	if p.options.Observe != nil {
		p.options.Observe(Progress{ended, p.done, p.running, len(p.outcomes)})
	}
}
