//go:build unix && !aix && !solaris

// Package folderlock keeps two processes from writing into one folder.
package folderlock

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Acquire locks a folder that exists, until unlock is called or the process
// ends. It fails at once if another process, or another part of this one, holds
// the lock. Folders that cannot be locked, as on some network file systems, are
// used without.
func Acquire(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		_ = f.Close()
		return nil, fmt.Errorf("%s: another process is writing into this folder (wait for it)", dir)
	}
	return func() { _ = f.Close() }, nil // closing releases the lock
}
