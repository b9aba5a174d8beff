package train

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
	config               string // hash of it
	noted                bool   // that something was not said
}

var _ Hook = (*Recorder)(nil)

// NewRecorder returns the recorder of a directory opened by package rundir.
func NewRecorder(d rundir.Directory) *Recorder { return &Recorder{directory: d} }

// Start implements Hook. meta.json, by which the directory is known as a run's, is written
// first, and nothing without it.
func (c *Recorder) Start(r *Run) (err error) {
	if r.from == nil {
		if err := c.begin(r); err != nil {
			return err
		}
	} else if err := os.Remove(c.directory.Path(rundir.SummaryFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var at Progress // where lines go on
	if r.from != nil {
		at = r.from.Progress
	}
	if c.metrics, err = openLines(c.directory.Path(rundir.MetricsFile), at.Metrics); err != nil {
		return err
	}
	if c.logs, err = openLines(c.directory.Path(rundir.LogFile), wholeFile); err != nil {
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
		c.steps, err = openLines(c.directory.Path(rundir.StepsFile), at.Steps)
	}
	return errors.Join(err, c.logs.flush())
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
	if err := os.MkdirAll(c.directory.Path(rundir.CheckpointsFolder), 0o755); err != nil {
		return err
	}
	return atomicfile.Write(c.directory.Path(rundir.ConfigFile), text)
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

// Save implements Hook. The lines of what is saved are on disk before it is.
func (c *Recorder) Save(r *Run, saved *Saved) (err error) {
	c.noteUnsaid()
	if saved.Metrics, err = c.metrics.length(); err != nil {
		return err
	}
	if saved.Steps, err = c.steps.length(); err != nil {
		return err
	}
	return errors.Join(c.logs.flush(), saved.write(c.directory, r.Config.Saving.Keep))
}

// End implements Hook. The summary is written last: if it says that the run came to its end,
// everything else is there. A run whose results could not be written has failed, so that the
// same call goes on with it.
func (c *Recorder) End(r *Run, s *rundir.Summary) error {
	c.noteUnsaid()
	err := errors.Join(
		c.metrics.close(), c.steps.close(),
		saveWeights(c.directory.Path(rundir.CheckpointsFolder+"/"+rundir.WeightsFile), r.Model, r.deviations()),
		saveSynapses(c.directory, r),
	)
	unwritten(s, err)
	c.logEnd(s)
	if logged := c.logs.close(); logged != nil {
		unwritten(s, logged)
		err = errors.Join(err, logged)
	}
	return errors.Join(err, c.directory.WriteJSON(rundir.SummaryFile, s))
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

// lines is a file with one JSON object in each line. flush and close of nil do nothing. An
// error of writing is returned once: after it the run ends, and the file is only closed.
type lines struct {
	file    *os.File
	buffer  *bufio.Writer
	encoder *json.Encoder
	failed  bool
	synced  bool // nothing was written since all was put on disk
}

// wholeFile stands for the length of a file that is there.
const wholeFile = -1

// openLines opens a file for lines after its first so many bytes, and cuts off the rest: what
// a run wrote that was then killed, after it had been saved.
func openLines(path string, length int64) (*lines, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case length == wholeFile:
		length = info.Size()
	case info.Size() < length:
		err = fmt.Errorf("%s has %d bytes, and had %d when the run was saved; begin anew with --force", path, info.Size(), length)
	default:
		err = f.Truncate(length)
	}
	if err == nil {
		_, err = f.Seek(length, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
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
	return l.file.Seek(0, io.SeekCurrent)
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
	return errors.Join(l.sync(), l.file.Close())
}

// told remembers that an error was returned.
func (l *lines) told(err error) error {
	l.failed = l.failed || err != nil
	return err
}
