//go:build unix && !aix && !solaris

package datasets

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lockFolder keeps a second process from fetching into the same folder, where
// both would write the same partial files. Folders that cannot be locked, as on
// some network file systems, are used without.
func lockFolder(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		_ = f.Close()
		return nil, fmt.Errorf("%s: another process is fetching into this folder (wait for it)", dir)
	}
	return func() { _ = f.Close() }, nil // closing releases the lock
}
