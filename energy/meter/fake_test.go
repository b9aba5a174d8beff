package meter

import (
	"errors"
	"io/fs"
	"math"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// sysfs is a powercap folder of files, some of which answer with an error
// instead: permission bits do not stop root.
type sysfs struct {
	fstest.MapFS
	broken map[string]error // by path
}

// newSysfs makes zones of "folder name count range".
func newSysfs(zones ...string) sysfs {
	s := sysfs{fstest.MapFS{}, map[string]error{}}
	for _, z := range zones {
		f := strings.Fields(z)
		s.set(f[0]+"/name", f[1])
		s.set(f[0]+"/energy_uj", f[2])
		s.set(f[0]+"/max_energy_range_uj", f[3])
		s.set(f[0]+"/enabled", "0") // of the limit on power, not of the counter
	}
	return s
}

func (s sysfs) set(path, text string) { s.MapFS[path] = &fstest.MapFile{Data: []byte(text + "\n")} }

// Open implements fs.FS.
func (s sysfs) Open(name string) (fs.File, error) {
	if err := s.broken[name]; err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return s.MapFS.Open(name)
}

// ReadDir hides that of MapFS.
func (s sysfs) ReadDir(name string) ([]fs.DirEntry, error) {
	if err := s.broken[name]; err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return s.MapFS.ReadDir(name)
}

// ReadFile hides that of MapFS.
func (s sysfs) ReadFile(name string) ([]byte, error) {
	if err := s.broken[name]; err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return s.MapFS.ReadFile(name)
}

// simulated is a counter of a part that has drawn so many joules after so many
// seconds, and counts as the hardware does: in whole steps, from time to time,
// up to its range.
func simulated(joules func(seconds float64) float64, steps uint64) Counter {
	const step = 61 // µJ
	start := time.Now()
	c := Counter{
		Kind: "rapl", Name: "package-0", Part: Package,
		Unit: 1e-6, Step: step * 1e-6, Range: (steps - 1) * step, Interval: time.Millisecond, Limit: 1000,
	}
	c.Read = func() (uint64, error) {
		seconds := time.Since(start).Truncate(c.Interval).Seconds()
		return uint64(joules(seconds)*1e6/step) % steps * step, nil
	}
	return c
}

func constant(watts float64) func(float64) float64 {
	return func(seconds float64) float64 { return watts * seconds }
}

// near fails the test unless a value is another to within its error.
func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %v, want %v to within %v", what, got, want, within)
	}
}

// says fails the test unless an error contains all of the texts.
func says(t *testing.T, err error, texts ...string) {
	t.Helper()
	if err == nil {
		err = errors.New("no error")
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%q does not say %q", err, text)
		}
	}
}
