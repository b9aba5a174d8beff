//go:build !unix || aix || solaris

package folderlock

// Acquire does nothing where folders cannot be locked.
func Acquire(string) (unlock func(), err error) { return func() {}, nil }

// AcquireShared does nothing, likewise.
func AcquireShared(string) (unlock func(), err error) { return func() {}, nil }
