package bounded

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A file of at most so many bytes is read, by all readers alike.
func TestWhatIsRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	for text, most := range map[string]int64{"": 0, "a": 1, "four": 4, strings.Repeat("x", 100_000): 1 << 20} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		for name, read := range readers(dir) {
			if got, err := read("f", most); err != nil || string(got) != text {
				t.Errorf("%s: %d bytes, %v, want %d", name, len(got), err, len(text))
			}
			if got, err := read("f", most-1); int64(len(text)) == most && most > 0 && (err == nil || !strings.Contains(err.Error(), "more than the") || got != nil) {
				t.Errorf("%s: one byte too many gives %q, %v", name, got, err)
			}
		}
	}
}

// readers are the ways to read a file of a folder.
func readers(dir string) map[string]func(name string, most int64) ([]byte, error) {
	return map[string]func(string, int64) ([]byte, error){
		"File":   func(name string, most int64) ([]byte, error) { return File(filepath.Join(dir, name), most) },
		"Named":  func(name string, most int64) ([]byte, error) { return Named(filepath.Join(dir, name), most) },
		"FileIn": func(name string, most int64) ([]byte, error) { return FileIn(dir, name, most) },
		"LinesIn": func(name string, most int64) (text []byte, err error) {
			return text, LinesIn(dir, name, func(line []byte) error {
				if text = append(text, line...); int64(len(text)) > most {
					text = nil
					return errors.New("has more than the bytes allowed")
				}
				return nil
			})
		},
	}
}

// What is no plain file is an error at once, which names it and says what it is.
func TestWhatIsNoFile(t *testing.T) {
	dir, outside := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{"out": outside, "loop": "loop", "none": "nowhere", "up": "../x"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Skip(err)
		}
	}
	pipe(t, filepath.Join(dir, "pipe"))
	large, err := os.Create(filepath.Join(dir, "large"))
	if err == nil {
		err = errors.Join(large.Truncate(4<<30), large.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"folder": "is a folder and no file", "pipe": "is a pipe and no file", "large": "has 4294967296 bytes, more than the 1000 allowed",
		"loop": "too many levels of symbolic links", "none": "no such file", "up": "", "out": "is a link that leads out of the folder", "absent": "no such file",
	} {
		for by, read := range readers(dir) {
			outsideIsMeant := !strings.HasSuffix(by, "In") && name == "out" // by who names a path, and not a file of a folder
			if by == "LinesIn" && name == "large" || outsideIsMeant {
				continue
			}
			begun := time.Now()
			text, err := read(name, 1000)
			if err == nil || text != nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), filepath.Join(dir, name)) {
				t.Errorf("%s of %s: %q, %v, want %q", by, name, text, err, want)
			}
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("%s of %s waited %v", by, name, took)
			}
		}
	}
	if _, err := FileIn(outside, "f", 1); !errors.Is(err, fs.ErrNotExist) && !strings.Contains(err.Error(), "not a directory") {
		t.Errorf("a file for a folder: %v", err)
	}
}

// A device without an end is read no further than a file may be long.
func TestEndless(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip(err)
	}
	if _, err := Named("/dev/zero", 1<<20); err == nil || !strings.Contains(err.Error(), "/dev/zero: has more than the 1048576 bytes allowed") {
		t.Errorf("error %v", err)
	}
	if _, err := File("/dev/zero", 1<<20); err == nil || !strings.Contains(err.Error(), "is a device and no file") {
		t.Errorf("error %v", err)
	}
	if _, err := Stream(endless{}, "standard input", 10); err == nil || !strings.HasPrefix(err.Error(), "standard input: has more than the 10") {
		t.Errorf("error %v", err)
	}
	if err := lines(endless{}, "f", func([]byte) error { return nil }); err == nil || err.Error() != "f: line 1: has more than the 1048576 bytes allowed" {
		t.Errorf("error %v", err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// An error of a reader is that of the file, and of a line that of the line.
func TestErrorsHaveAPlace(t *testing.T) {
	broken := errors.New("broken")
	if _, err := Stream(failing{broken}, "f", 10); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "f: ") {
		t.Errorf("error %v", err)
	}
	if err := lines(failing{broken}, "f", nil); !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "f: ") {
		t.Errorf("error %v", err)
	}
	n := 0
	err := lines(strings.NewReader("a\n\nb"), "f", func(line []byte) error {
		if n++; string(line) == "b" {
			return broken
		}
		return nil
	})
	if !errors.Is(err, broken) || err.Error() != "f: line 3: broken" || n != 3 {
		t.Errorf("error %v after %d lines", err, n)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

var _ io.Reader = failing{}
