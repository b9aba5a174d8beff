//go:build !unix || aix || solaris

// Package folderlock keeps two processes from writing into one folder.
package folderlock

// Acquire does nothing where folders cannot be locked.
func Acquire(string) (unlock func(), err error) { return func() {}, nil }
