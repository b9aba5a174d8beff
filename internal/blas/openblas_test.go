//go:build linux || darwin || freebsd

package blas

import (
	"strings"
	"sync"
	"testing"
)

// The text of a loader's error belongs to a thread: it was empty where a goroutine moved
// between the error and the question.
func TestOpenBLASSaysWhyItIsMissing(t *testing.T) {
	files := openBLASFiles
	defer func() { openBLASFiles = files }()
	openBLASFiles = []string{"libmissing.so.0", "libmissing.so.1"}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if _, err := loadOpenBLAS(); err == nil || strings.Contains(err.Error(), "(;") || strings.Contains(err.Error(), "; )") {
					t.Errorf("no reason in: %v", err)
					return
				}
			}
		})
	}
	group.Wait()
}
