// With the tag noflock tests run as on file systems that cannot lock.

//go:build !unix || aix || solaris || noflock

package folderlock

import (
	"errors"
	"os"
)

// Acquire does nothing where folders cannot be locked.
func Acquire(string) (unlock func(), err error) { return func() {}, nil }

// AcquireShared does nothing, likewise.
func AcquireShared(string) (unlock func(), err error) { return func() {}, nil }

// LockFile is an error where files cannot be locked.
func LockFile(*os.File, bool) error { return errors.ErrUnsupported }
