package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestWriteReplaces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	for _, content := range []string{"old", "new and longer", ""} {
		if err := Write(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("read %q, %v, want %q", got, err, content)
		}
	}
}

// A writer that fails half-way leaves the old file and nothing else.
func TestFailureKeepsTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := Write(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("disk full")
	err := WriteWith(path, func(w io.Writer) error {
		if _, err := w.Write([]byte("ne")); err != nil {
			return err
		}
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "old" || len(entries) != 1 {
		t.Errorf("file holds %q among %d entries, want \"old\" alone", got, len(entries))
	}
}

func TestMissingFolderIsAnError(t *testing.T) {
	if err := Write(filepath.Join(t.TempDir(), "no", "f"), nil); err == nil {
		t.Error("no error")
	}
}

// Errors have the whole path, and of a failed attempt nothing is left.
func TestErrorsNameThePath(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken")
	if err := os.MkdirAll(filepath.Join(taken, "by a folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{taken, filepath.Join(dir, "no", "f"), dir + string(filepath.Separator)} {
		if err := Write(path, nil); err == nil || !strings.Contains(err.Error(), strings.TrimSuffix(path, string(filepath.Separator)+"f")) {
			t.Errorf("%s: error %v", path, err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v, want the folder alone", entries, err)
	}
}

// A link in the place of the temporary file, as another may have laid it, is not
// written through; one in the place of the file is replaced.
func TestLinksAreNotFollowed(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "other")
	for _, link := range []string{"f", "f" + Suffix} {
		dir := t.TempDir()
		if err := os.WriteFile(outside, []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(outside, filepath.Join(dir, link)); err != nil {
			t.Skip(err)
		}
		path := filepath.Join(dir, "f")
		if err := Write(path, []byte("new")); err != nil {
			t.Error(err)
		}
		got, _ := os.ReadFile(path)
		if other, _ := os.ReadFile(outside); string(got) != "new" || string(other) != "mine" {
			t.Errorf("%s: wrote %q, and the file outside holds %q", link, got, other)
		}
		if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
			t.Errorf("%s: %v, %v, want a plain file", link, info, err)
		}
	}
}

// A folder that cannot be flushed, where that does not exist, is no error; one that
// could not be is.
func TestUnsupported(t *testing.T) {
	for err, want := range map[error]bool{syscall.EINVAL: true, syscall.ENOTSUP: true, syscall.ENOSYS: true, syscall.EIO: false, syscall.ENOSPC: false, syscall.EROFS: false, nil: false} {
		if got := unsupported(&os.PathError{Op: "sync", Path: ".", Err: err}); got != want {
			t.Errorf("%v: %t", err, got)
		}
	}
}

func TestInstall(t *testing.T) {
	dir := t.TempDir()
	part, path := filepath.Join(dir, "f.part"), filepath.Join(dir, "f")
	if err := os.WriteFile(part, []byte("whole"), 0o644); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := Install(In(root), "f"); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "whole" {
		t.Errorf("read %q, %v", got, err)
	}
	if err := Install(In(root), "f"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v of what is not there", err)
	}
}
