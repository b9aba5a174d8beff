package train

import (
	"bufio"
	"encoding/json"
	"errors"
	"log/slog"
	"os"

	"ergon/internal/atomicfile"
	"ergon/train/rundir"
)

// Recorder is the Hook that writes a run directory. Lines are flushed at each evaluation,
// so that a killed run leaves what it had measured until then.
type Recorder struct {
	// Unsaid returns why the program could not say how far the run is, nil where it
	// could. The log notes it once. May be nil.
	Unsaid func() error

	directory            rundir.Directory
	metrics, steps, logs *lines
	log                  *slog.Logger
	noted                bool // that something was not said
}

var _ Hook = (*Recorder)(nil)

// NewRecorder returns the recorder of a directory made by rundir.Create.
func NewRecorder(d rundir.Directory) *Recorder { return &Recorder{directory: d} }

// Start implements Hook.
func (c *Recorder) Start(r *Run) error {
	text, err := r.Config.YAML(false)
	if err != nil {
		return err
	}
	meta, err := metaOf(r)
	if err != nil {
		return err
	}
	// First what marks the directory as a run's: what a full disk leaves may then be written anew.
	if err = c.directory.WriteJSON(rundir.MetaFile, meta); err != nil {
		return err
	}
	if err = atomicfile.Write(c.directory.Path(rundir.ConfigFile), text); err != nil {
		return err
	}
	if c.metrics, err = createLines(c.directory.Path(rundir.MetricsFile)); err != nil {
		return err
	}
	if c.logs, err = createLines(c.directory.Path(rundir.LogFile)); err != nil {
		return err
	}
	c.log = slog.New(slog.NewJSONHandler(c.logs.buffer, nil))
	c.log.Info("started", "engine", meta.Engine, "config", meta.Config, "data", r.Data.String())
	for _, note := range r.Notes() {
		c.log.Warn(note)
	}
	if r.Config.Train.LogEvery > 0 {
		c.steps, err = createLines(c.directory.Path(rundir.StepsFile))
	}
	return errors.Join(err, c.logs.flush())
}

// Step implements Hook.
func (c *Recorder) Step(r *Run) error {
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
	return errors.Join(err, c.metrics.flush(), c.steps.flush(), c.logs.flush())
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

// End implements Hook. The summary is written last: if it is there, so is everything else.
func (c *Recorder) End(r *Run, s *rundir.Summary) error {
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
	return errors.Join(
		c.metrics.close(), c.steps.close(), c.logs.close(),
		saveWeights(c.directory.Path(rundir.CheckpointsFolder+"/"+rundir.WeightsFile), r.Model, r.deviations()),
		saveSynapses(c.directory, r),
		c.directory.WriteJSON(rundir.SummaryFile, s),
	)
}

// lines is a file with one JSON object in each line. flush and close of nil do nothing.
type lines struct {
	file    *os.File
	buffer  *bufio.Writer
	encoder *json.Encoder
}

func createLines(path string) (*lines, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	buffer := bufio.NewWriterSize(f, 1<<16)
	return &lines{f, buffer, json.NewEncoder(buffer)}, nil
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
	return errors.Join(l.buffer.Flush(), l.file.Sync(), l.file.Close())
}
