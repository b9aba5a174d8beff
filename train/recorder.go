package train

import (
	"bufio"
	"encoding/json"
	"errors"
	"log/slog"

	"ergon/train/rundir"
)

// Recorder is the Hook that writes a run directory. Lines are flushed at each evaluation,
// so that a killed run leaves what it had measured until then.
type Recorder struct {
	// Unsaid returns why the program could not say how far the run is, nil where it
	// could. The log notes it once. May be nil.
	Unsaid func() error

	directory            *rundir.Writer
	metrics, steps, logs *lines
	log                  *slog.Logger
	config               string // hash of it
	noted                bool   // that something was not said
}

var _ Hook = (*Recorder)(nil)

// NewRecorder returns the recorder of a directory.
func NewRecorder(w *rundir.Writer) *Recorder { return &Recorder{directory: w} }

// Start implements Hook. meta.json, by which the directory is known as a run's, is written
// first.
func (c *Recorder) Start(r *Run) (err error) {
	if r.from == nil {
		if err := c.begin(r); err != nil {
			return err
		}
	} else if err := c.directory.Remove(rundir.SummaryFile); err != nil {
		return err
	}
	var at Progress // where lines go on
	if r.from != nil {
		at = r.from.Progress
	}
	if c.metrics, err = openLines(c.directory, rundir.MetricsFile, at.Metrics); err != nil {
		return err
	}
	if c.logs, err = openLines(c.directory, rundir.LogFile, rundir.WholeLines); err != nil {
		return err
	}
	c.log = slog.New(slog.NewJSONHandler(c.logs.buffer, nil))
	if r.from == nil {
		c.log.Info("started", "engine", r.Engine.Name(), "config", c.config, "data", r.Data.String())
	} else {
		c.log.Info("resumed", "step", r.from.Step, "engine", r.Engine.Name(), "version", Version(), "host", hostname())
	}
	for _, note := range r.Notes() {
		c.log.Warn(note)
	}
	if r.Config.Train.LogEvery > 0 {
		c.steps, err = openLines(c.directory, rundir.StepsFile, at.Steps)
	}
	return distinct(err, c.logs.flush())
}

// begin writes what a run says before its first step.
func (c *Recorder) begin(r *Run) error {
	text, err := r.Config.YAML(false)
	if err != nil {
		return err
	}
	meta, err := metaOf(r)
	if err != nil {
		return err
	}
	c.config = meta.Config
	return distinct(
		c.directory.WriteJSON(rundir.MetaFile, meta),
		c.directory.Write(rundir.ConfigFile, text),
	)
}

// Step implements Hook. A run whose directory another process has taken over ends.
func (c *Recorder) Step(r *Run) error {
	if err := c.directory.Lost(); err != nil {
		return err
	}
	if c.steps == nil || r.Steps%r.Config.Train.LogEvery != 0 {
		return nil
	}
	line := rundir.StepLine{Step: r.Steps, Samples: r.lastBatch, Loss: r.Loss, Totals: r.Ledger.Last()}
	if r.updated {
		line.Updates = 1
	}
	return c.steps.write(line)
}

// Evaluate implements Hook.
func (c *Recorder) Evaluate(_ *Run, m *rundir.Metrics) error {
	err := c.metrics.write(m)
	c.noteUnsaid()
	return distinct(err, c.metrics.flush(), c.steps.flush(), c.logs.flush())
}

// noteUnsaid notes that progress could not be written.
func (c *Recorder) noteUnsaid() {
	if c.Unsaid == nil || c.noted {
		return
	}
	if err := c.Unsaid(); err != nil {
		c.log.Warn("progress could not be written and is not shown any more", "error", err.Error())
		c.noted = true
	}
}

// Save implements Hook. The lines of what is saved are on disk before it is.
func (c *Recorder) Save(r *Run, saved *Saved) (err error) {
	c.noteUnsaid()
	if saved.Metrics, err = c.metrics.length(); err != nil {
		return err
	}
	if saved.Steps, err = c.steps.length(); err != nil {
		return err
	}
	return distinct(c.logs.flush(), saved.write(c.directory, r.Config.Saving.Keep))
}

// End implements Hook. The summary is written last: if it is there, so is everything else. A
// run whose directory another process has taken over leaves nothing.
func (c *Recorder) End(r *Run, s *rundir.Summary) error {
	if err := c.directory.Check(); errors.Is(err, rundir.ErrLost) {
		for _, l := range []*lines{c.metrics, c.steps, c.logs} {
			l.abandon()
		}
		return err
	}
	c.noteUnsaid()
	ended := []any{"status", s.Status, "steps", s.Steps}
	if s.InterruptedBy != "" {
		ended = append(ended, "signal", s.InterruptedBy)
	}
	c.log.Info("ended", ended...)
	if s.Diverged != nil {
		c.log.Error(s.Diverged.Error())
	}
	if s.Error != "" {
		c.log.Error(s.Error)
	}
	return distinct(
		c.metrics.close(), c.steps.close(), c.logs.close(),
		saveWeights(c.directory, r.Model, r.deviations()),
		saveSynapses(c.directory, r),
		c.directory.WriteJSON(rundir.SummaryFile, s),
	)
}

// distinct is errors.Join for errors that may be one and the same, such as that the directory
// is lost.
func distinct(errs ...error) (all error) {
	for _, err := range errs {
		switch {
		case all == nil:
			all = err
		case err != nil && !errors.Is(all, err):
			all = errors.Join(all, err)
		}
	}
	return all
}

// lines is a file with one JSON object in each line. flush and close of nil do nothing.
type lines struct {
	file    *rundir.Lines
	buffer  *bufio.Writer
	encoder *json.Encoder
}

// openLines opens a file for lines after its first so many bytes.
func openLines(w *rundir.Writer, name string, length int64) (*lines, error) {
	f, err := w.Lines(name, length)
	if err != nil {
		return nil, err
	}
	buffer := bufio.NewWriterSize(f, 1<<16)
	return &lines{f, buffer, json.NewEncoder(buffer)}, nil
}

// length puts all lines on disk, and returns how many bytes they are.
func (l *lines) length() (int64, error) {
	if l == nil {
		return 0, nil
	}
	if err := l.buffer.Flush(); err != nil {
		return 0, err
	}
	return l.file.Sync()
}

func (l *lines) write(value any) error { return l.encoder.Encode(value) }

func (l *lines) flush() error {
	if l == nil {
		return nil
	}
	return l.buffer.Flush()
}

func (l *lines) close() error {
	if l == nil {
		return nil
	}
	_, err := l.length()
	return distinct(err, l.file.Close())
}

// abandon closes a file that has no name any more, without what has not been written.
func (l *lines) abandon() {
	if l != nil {
		_ = l.file.Close()
	}
}
