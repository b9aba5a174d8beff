package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"ergon/internal/atomicfile"
	"ergon/internal/atomicfile/disktest"
	"ergon/internal/state"
)

const keep = 2

// sequence is the steps at which a run is saved, some of them again after it went back.
var sequence = []int{10, 20, 30, 25, 40, 40, 50}

// open opens the checkpoints on a disk.
// inFolder opens a folder of the disk.
func inFolder(t testing.TB, folder string) *Store {
	t.Helper()
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return open(t, atomicfile.In(root))
}

func open(t testing.TB, fsys atomicfile.FS) *Store {
	t.Helper()
	s, err := Open(fsys, "run", keep)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// saved is a run that was saved as the i-th of the sequence. Each array is a call.
func saved(i int) *Checkpoint {
	c := &Checkpoint{
		Header: Header{Step: sequence[i], Program: "v0", Config: "abc"},
		Run:    fmt.Appendf(nil, `{"saved":%d}`, i),
		State: &state.Snapshot{
			Float32s: map[string][]float32{}, Float64s: map[string][]float64{"sum": {float64(i)}},
			Values: map[string]json.RawMessage{"m0": json.RawMessage("[1,2]")},
		},
	}
	for name := range strings.SplitSeq("a b c d e f g", " ") {
		c.State.Float32s[name] = []float32{float32(i), 1, float32(2 * i)}
	}
	return c
}

// run saves the sequence and returns the last that was reported as saved, -1 if none was.
func run(t testing.TB, d *disktest.Disk) (done int, failed error) {
	s := open(t, d)
	for i := range sequence {
		if err := s.Write(saved(i)); err != nil {
			return i - 1, err
		}
	}
	return len(sequence) - 1, nil
}

// calls is how many calls saving the sequence takes.
func calls(t testing.TB) int {
	d := disktest.New()
	if _, err := run(t, d); err != nil {
		t.Fatal(err)
	}
	return d.Calls
}

// latest returns which of the sequence is loaded, -1 if none is. Nothing that is
// damaged may lie beside it.
func latest(t testing.TB, fsys atomicfile.FS, where string) int {
	c, skipped, err := open(t, fsys).Latest()
	if err != nil || len(skipped) > 0 {
		t.Errorf("%s: %v, skipped %v", where, err, skipped)
	}
	if c == nil {
		return -1
	}
	for i := range sequence {
		if want := saved(i); string(want.Run) == string(c.Run) {
			if !reflect.DeepEqual(want, c) {
				t.Errorf("%s: loaded %+v, and %+v was saved", where, c, want)
			}
			return i
		}
	}
	t.Errorf("%s: loaded %s, which was never saved", where, c.Run)
	return -1
}

// Wherever the machine stops, and whatever of the last calls had reached the disk, what
// is loaded is the last checkpoint that was reported as saved, or the one that was being
// saved; and the run goes on from there.
func TestCrash(t *testing.T) {
	points := 0
	for at := range calls(t) {
		d := disktest.New()
		d.Fault = func(call int, _ disktest.Op) disktest.Fault { return disktest.Fault{Crash: call == at+1} }
		done, _ := run(t, d)
		for how, found := range d.Survivors() {
			points++
			where := fmt.Sprintf("crash after call %d (%s)", at+1, how)
			if got := latest(t, found, where); got != done && got != done+1 {
				t.Errorf("%s: loaded %d, want %d or the next", where, got, done)
			}
			for _, name := range found.Names() {
				if strings.HasSuffix(name, atomicfile.Suffix) {
					t.Errorf("%s: %s is still there", where, name)
				}
			}
			i := min(done+1, len(sequence)-1)
			if err := open(t, found).Write(saved(i)); err != nil || latest(t, found, where) != i {
				t.Errorf("%s: going on: %v", where, err)
			}
		}
	}
	if points < 500 {
		t.Errorf("only %d points", points)
	}
}

// Whatever call fails, the error names the file, the last checkpoint is whole or the
// new one is, and when the fault is mended the next is saved.
func TestFailure(t *testing.T) {
	faults := map[string]struct {
		disktest.Fault
		lasting bool // all calls fail from then on
	}{
		"full":             {disktest.Fault{Err: syscall.ENOSPC}, false},
		"full half-way":    {disktest.Fault{Err: syscall.ENOSPC, Short: true}, true},
		"over quota":       {disktest.Fault{Err: syscall.EDQUOT, Short: true}, true},
		"broken once":      {disktest.Fault{Err: syscall.EIO}, false},
		"broken":           {disktest.Fault{Err: syscall.EIO}, true},
		"read-only":        {disktest.Fault{Err: syscall.EROFS}, true},
		"short, not said":  {disktest.Fault{Short: true}, false},
		"taken by another": {disktest.Fault{Err: errors.New("the run belongs to another process now")}, true},
	}
	for at := range calls(t) {
		for how, fault := range faults {
			d, failed := disktest.New(), disktest.Op("")
			d.Fault = func(call int, op disktest.Op) disktest.Fault {
				if call <= at || call > at+1 && !fault.lasting || !possible(fault.Fault, op) {
					return disktest.Fault{}
				}
				if failed == "" {
					failed = op
				}
				return fault.Fault
			}
			done, err := run(t, d)
			if failed == "" {
				continue
			}
			where := fmt.Sprintf("call %d (%s, %s)", at+1, failed, how)
			wantCause(t, where, err, fault.Err)
			if text := fmt.Sprint(err); done >= 0 && !strings.Contains(text, fileName(sequence[done])+" is whole") && !strings.Contains(text, fileName(sequence[done+1])+" is written") {
				t.Errorf("%s: error %v, which does not say what is whole", where, err)
			}
			d.Fault = nil
			if got := latest(t, d, where); got != done && got != done+1 {
				t.Errorf("%s: loaded %d, want %d or the next", where, got, done)
			}
			if err := open(t, d).Write(saved(done + 1)); err != nil || latest(t, d, where) != done+1 {
				t.Errorf("%s: the next: %v", where, err)
			}
		}
	}
}

// possible tells whether a call can have a fault: a full disk lets files be removed,
// and only writes take less than they are given.
func possible(fault disktest.Fault, op disktest.Op) bool {
	full := errors.Is(fault.Err, syscall.ENOSPC) || errors.Is(fault.Err, syscall.EDQUOT)
	switch op {
	case disktest.Write:
		return true
	case disktest.Remove, disktest.Rename, disktest.Stat:
		return fault.Err != nil && !full
	default:
		return fault.Err != nil
	}
}

func wantCause(t testing.TB, where string, err, cause error) {
	t.Helper()
	if cause == nil {
		cause = io.ErrShortWrite
	}
	if !errors.Is(err, cause) || !strings.HasPrefix(err.Error(), "run/step-0000") {
		t.Errorf("%s: error %v", where, err)
	}
}

// What cannot be stored is an error before anything is written.
func TestWriteRefuses(t *testing.T) {
	for want, change := range map[string]func(c *Checkpoint){
		"step -1":                    func(c *Checkpoint) { c.Step = -1 },
		"run: not JSON":              func(c *Checkpoint) { c.Run = []byte("{") },
		"state.a: not JSON":          func(c *Checkpoint) { c.State.Values = map[string]json.RawMessage{"a": nil} },
		"and at most 65536 are read": func(c *Checkpoint) { c.Program = strings.Repeat("x", maxHeader) },
		"the name is given twice":    func(c *Checkpoint) { c.State.Float64s["a"] = nil },
	} {
		d, c := disktest.New(), saved(0)
		change(c)
		if err := open(t, d).Write(c); err == nil || !strings.Contains(err.Error(), want) || d.Calls > 0 {
			t.Errorf("error %v after %d calls, want %s after none", err, d.Calls, want)
		}
	}
	if _, err := Open(disktest.New(), "run", 0); err == nil {
		t.Error("no checkpoint is kept")
	}
}
