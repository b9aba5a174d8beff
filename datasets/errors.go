package datasets

import (
	"errors"
	"fmt"
)

// The kinds of damage a FormatError reports; test for them with errors.Is.
var (
	ErrTruncated  = errors.New("truncated")
	ErrTrailing   = errors.New("trailing bytes")
	ErrMagic      = errors.New("not an idx file")
	ErrType       = errors.New("unsupported element type")
	ErrRank       = errors.New("wrong rank")
	ErrSize       = errors.New("impossible size")
	ErrCompressed = errors.New("damaged gzip stream")
	ErrLabel      = errors.New("label out of range")
	ErrMismatch   = errors.New("files do not belong together")
)

// FormatError says what is wrong with a data file, where, and what may help.
type FormatError struct {
	File   string // name or path; "" when unknown
	Offset int64  // byte of the decompressed content where the problem shows
	What   string
	Hint   string // "" when there is no advice to give
	Kind   error  // one of the Err… values, or the error of the reader underneath
}

// Error returns "file: byte offset: what (hint)".
func (e *FormatError) Error() string {
	text := fmt.Sprintf("byte %d: %s", e.Offset, e.What)
	if e.File != "" {
		text = e.File + ": " + text
	}
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

// Unwrap returns the kind of the damage.
func (e *FormatError) Unwrap() error { return e.Kind }

// Advice that several errors share.
const (
	hintAgain = "the file may be half downloaded: fetch it again"
	hintIDX   = "expected an idx file of unsigned bytes, plain or gzip"
)
