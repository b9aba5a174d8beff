//go:build linux || darwin

package checkpoint

import (
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A pipe under the name of a checkpoint does not make a run wait for its other end.
func TestPipe(t *testing.T) {
	folder := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(folder, fileName(1)), 0o644); err != nil {
		t.Skip(err)
	}
	s := inFolder(t, folder)
	done := make(chan []error, 1)
	go func() {
		_, skipped, _ := s.Latest()
		done <- skipped
	}()
	select {
	case skipped := <-done:
		if len(skipped) != 1 {
			t.Errorf("skipped %v", skipped)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("waits")
	}
}
