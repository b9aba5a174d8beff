//go:build unix && !aix && !solaris

package folderlock

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Acquire locks a folder that exists, until unlock is called or the process
// ends. It fails at once, with [ErrHeld], if another process, or another part of this one,
// holds the lock. Folders that cannot be locked, as on some network file systems, are
// used without.
func Acquire(dir string) (unlock func(), err error) { return acquire(dir, syscall.LOCK_EX) }

// AcquireShared is Acquire for those who share a folder: any number of them hold the lock
// at the same time, and none while it is held by Acquire.
func AcquireShared(dir string) (unlock func(), err error) { return acquire(dir, syscall.LOCK_SH) }

func acquire(dir string, how int) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", dir, ErrHeld)
	}
	return func() { _ = f.Close() }, nil // closing releases the lock
}
