// Package boundedtest measures what readers of other people's files allocate.
package boundedtest

import (
	"runtime"
	"testing"
)

// Allocated returns how many bytes f allocates, those that are free again included.
func Allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// AtMost fails a test in which f, which reads an input of a size in bytes, allocates more
// than so many times that and a MiB.
func AtMost(t testing.TB, times, size int, f func()) {
	t.Helper()
	if got, most := Allocated(f), uint64(times)*uint64(size)+1<<20; got > most {
		t.Errorf("an input of %d bytes made a reader allocate %d, at most %d are allowed", size, got, most)
	}
}
