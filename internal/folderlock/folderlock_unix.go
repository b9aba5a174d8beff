//go:build unix && !aix && !solaris && !noflock

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
	if err := lock(f, how); errors.Is(err, ErrHeld) {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return func() { _ = f.Close() }, nil // closing releases the lock
}

// LockFile locks an open file, alone or with others who share it, until it is closed or the
// process ends. The error is [ErrHeld] if the lock is held; any other one says that the file
// cannot be locked.
func LockFile(f *os.File, share bool) error {
	if share {
		return lock(f, syscall.LOCK_SH)
	}
	return lock(f, syscall.LOCK_EX)
}

func lock(f *os.File, how int) error {
	for {
		switch err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return ErrHeld
		default:
			return err
		}
	}
}
