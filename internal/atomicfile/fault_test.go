package atomicfile_test

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"ergon/internal/atomicfile"
	"ergon/internal/atomicfile/disktest"
)

const name = "f"

// versions are what is written one after the other, each in a few parts.
var versions = []string{"first", "a second one that is longer", "3"}

func writeVersion(fsys atomicfile.FS, text string) error {
	return atomicfile.WriteTo(fsys, name, func(w io.Writer) error {
		for part := range strings.SplitSeq(text, " ") {
			if _, err := io.WriteString(w, part); err != nil {
				return err
			}
		}
		return nil
	})
}

func content(i int) string {
	if i < 0 {
		return "(no file)"
	}
	return strings.ReplaceAll(versions[i], " ", "")
}

func read(fsys fs.FS) string {
	text, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		return content(-1)
	}
	return string(text)
}

// writeAll writes all versions and returns the last that was reported as written.
func writeAll(d *disktest.Disk) (done int, failed error) {
	for i, text := range versions {
		if err := writeVersion(d, text); err != nil {
			return i - 1, err
		}
	}
	return len(versions) - 1, nil
}

// calls is how many calls writing all versions takes.
func calls(t *testing.T) int {
	t.Helper()
	d := disktest.New()
	if _, err := writeAll(d); err != nil {
		t.Fatal(err)
	}
	return d.Calls
}

// Wherever the machine stops, the file is the last one that was reported as written,
// or the one that was just being written.
func TestCrash(t *testing.T) {
	for at := range calls(t) {
		d := disktest.New()
		d.Fault = func(call int, _ disktest.Op) disktest.Fault { return disktest.Fault{Crash: call == at+1} }
		done, _ := writeAll(d)
		for how, found := range d.Survivors() {
			got := read(found)
			if next := min(done+1, len(versions)-1); got != content(done) && got != content(next) {
				t.Errorf("crash after call %d (%s): the file is %q, want %q or %q", at+1, how, got, content(done), content(next))
			}
		}
	}
}

// Whatever call fails, the error is reported, the file is the old one, or the new one
// if only the folder could not be flushed, nothing else is left, and the next attempt works.
func TestFailure(t *testing.T) {
	faults := map[string]disktest.Fault{
		"full":              {Err: syscall.ENOSPC},
		"full half-way":     {Err: syscall.EDQUOT, Short: true},
		"short, not said":   {Short: true},
		"broken":            {Err: syscall.EIO},
		"read-only by then": {Err: syscall.EROFS},
	}
	for at := range calls(t) {
		for how, fault := range faults {
			d, failed := disktest.New(), disktest.Op("")
			d.Fault = func(call int, op disktest.Op) disktest.Fault {
				if call != at+1 || fault.Err == nil && op != disktest.Write {
					return disktest.Fault{}
				}
				failed = op
				return fault
			}
			done, err := writeAll(d)
			where := fmt.Sprintf("call %d (%s, %s)", at+1, failed, how)
			if failed == "" {
				continue
			}
			want := cmp.Or(fault.Err, io.ErrShortWrite)
			if !errors.Is(err, want) || fault.Err != nil && !strings.Contains(err.Error(), name+".part") && !strings.Contains(err.Error(), " .:") && failed != disktest.Rename {
				t.Errorf("%s: error %v", where, err)
			}
			got, names := read(d), d.Names()
			if got != content(done) && (failed != disktest.Sync || got != content(done+1)) {
				t.Errorf("%s: the file is %q, want %q", where, got, content(done))
			}
			if len(names) > 1 || len(names) == 1 && names[0] != name {
				t.Errorf("%s: files %q", where, names)
			}
			d.Fault = nil
			if err := writeVersion(d, "at last"); err != nil || read(d) != "atlast" {
				t.Errorf("%s: the next attempt: %v, %q", where, err, read(d))
			}
		}
	}
}

// What fill does not tell of is noticed, and what comes after a hole is not written.
func TestLostErrors(t *testing.T) {
	d := disktest.New()
	d.Fault = func(call int, op disktest.Op) disktest.Fault {
		return disktest.Fault{Short: call == 2}
	}
	err := atomicfile.WriteTo(d, name, func(w io.Writer) error {
		_, _ = io.WriteString(w, "abcd")
		_, _ = io.WriteString(w, "efgh")
		return nil
	})
	if !errors.Is(err, io.ErrShortWrite) || len(d.Names()) > 0 {
		t.Errorf("error %v, files %q", err, d.Names())
	}
}

// A disk that says that it has taken everything and has not is found out.
func TestBytesAreCounted(t *testing.T) {
	err := atomicfile.WriteTo(forgetful{disktest.New()}, name, func(w io.Writer) error {
		_, err := w.Write(bytes.Repeat([]byte{1}, 10))
		return err
	})
	if err == nil || err.Error() != "f.part has 9 bytes, and 10 were written" {
		t.Errorf("error %v", err)
	}
}

type forgetful struct{ *disktest.Disk }

func (d forgetful) Create(name string) (atomicfile.File, error) {
	f, err := d.Disk.Create(name)
	return forgetfulFile{f}, err
}

type forgetfulFile struct{ atomicfile.File }

func (f forgetfulFile) Write(p []byte) (int, error) {
	_, err := f.File.Write(p[1:])
	return len(p), err
}
