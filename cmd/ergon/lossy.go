package main

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/vbauerster/mpb/v8"
)

// lossy is a writer of what may be lost: progress is no result, and must not end a run
// when its terminal has gone, its pipe has no reader or its disk is full. Writes never
// fail; after the first that could not be made, nothing more is written.
type lossy struct {
	out  io.Writer
	mu   sync.Mutex
	lost error
}

// Write implements io.Writer.
func (l *lossy) Write(text []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost == nil {
		_, l.lost = l.out.Write(text)
	}
	return len(text), nil
}

// bars returns a container of progress bars on standard error, which must be a terminal:
// mpb moves its cursor only if it is given the *os.File itself.
func (l *lossy) bars(width int) *mpb.Progress {
	return mpb.New(mpb.WithOutput(os.Stderr), mpb.WithWidth(width), mpb.WithDebugOutput(barFailure{l}))
}

// barFailure is told by mpb, in words, why a bar could not be drawn.
type barFailure struct{ *lossy }

// Write implements io.Writer.
func (f barFailure) Write(text []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lost == nil {
		f.lost = errors.New(strings.TrimSpace(string(text)))
	}
	return len(text), nil
}

// Lost returns why output was lost; nil: none was.
func (l *lossy) Lost() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lost
}
