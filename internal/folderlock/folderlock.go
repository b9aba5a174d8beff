// Package folderlock keeps two processes from writing into one folder.
package folderlock

import "errors"

// ErrHeld is the error of a lock that another process, or another part of this one, holds.
var ErrHeld = errors.New("another process is writing into this folder (wait for it)")
