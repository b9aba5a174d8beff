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
// first, and nothing without it.
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
	if err := c.directory.WriteJSON(rundir.MetaFile, meta); err != nil {
		return err
	}
	return c.directory.Write(rundir.ConfigFile, text)
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

// End implements Hook. The summary is written last: if it says that the run came to its end,
// everything else is there. A run whose results could not be written has failed, so that the
// same call goes on with it; one whose directory another process has taken over leaves nothing.
func (c *Recorder) End(r *Run, s *rundir.Summary) error {
	if err := c.directory.Check(); errors.Is(err, rundir.ErrLost) {
		for _, l := range []*lines{c.metrics, c.steps, c.logs} {
			l.abandon()
		}
		return err
	}
	c.noteUnsaid()
	err := distinct(
		c.metrics.close(), c.steps.close(),
		saveWeights(c.directory, r.Model, r.deviations()),
		saveSynapses(c.directory, r),
		saveChains(c.directory, r.boltzmann),
	)
	unwritten(s, err)
	c.logEnd(s)
	if logged := c.logs.close(); logged != nil {
		unwritten(s, logged)
		err = distinct(err, logged)
	}
	return distinct(err, c.directory.WriteJSON(rundir.SummaryFile, s))
}

// unwritten enters into a summary that results could not be written.
func unwritten(s *rundir.Summary, err error) {
	if err != nil && s.Status != rundir.StatusFailed {
		s.Status, s.Error = rundir.StatusFailed, err.Error()
	}
}

// logEnd logs how the run ended.
func (c *Recorder) logEnd(s *rundir.Summary) {
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

// lines is a file with one JSON object in each line. flush and close of nil do nothing. An
// error of writing is returned once: after it the run ends, and the file is only closed.
type lines struct {
	file    *rundir.Lines
	buffer  *bufio.Writer
	encoder *json.Encoder
	failed  bool
	synced  bool // nothing was written since all was put on disk
}

// openLines opens a file for lines after its first so many bytes.
func openLines(w *rundir.Writer, name string, length int64) (*lines, error) {
	f, err := w.Lines(name, length)
	if err != nil {
		return nil, err
	}
	buffer := bufio.NewWriterSize(f, 1<<16)
	return &lines{file: f, buffer: buffer, encoder: json.NewEncoder(buffer)}, nil
}

// length puts all lines on disk, and returns how many bytes they are.
func (l *lines) length() (int64, error) {
	if l == nil {
		return 0, nil
	}
	if err := l.sync(); err != nil {
		return 0, err
	}
	return l.file.Size(), nil
}

func (l *lines) write(value any) error {
	l.synced = false
	return l.told(l.encoder.Encode(value))
}

func (l *lines) flush() error {
	if l == nil {
		return nil
	}
	return l.told(l.buffer.Flush())
}

// sync puts all lines on disk. A run that is stopped saves its state, and then closes: it need
// not wait for the disk twice.
func (l *lines) sync() error {
	if l.synced && l.buffer.Buffered() == 0 {
		return nil
	}
	if err := l.flush(); err != nil {
		return err
	}
	err := l.told(l.file.Sync())
	l.synced = err == nil
	return err
}

func (l *lines) close() error {
	if l == nil {
		return nil
	}
	if l.failed {
		return l.file.Close()
	}
	return distinct(l.sync(), l.file.Close())
}

// abandon closes a file that has no name any more, without what has not been written.
func (l *lines) abandon() {
	if l != nil {
		_ = l.file.Close()
	}
}

// told remembers that an error was returned.
func (l *lines) told(err error) error {
	l.failed = l.failed || err != nil
	return err
}
