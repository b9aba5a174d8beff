//go:build !unix

package main

import (
	"os"
	"syscall"
)

// endSignals returns the signals to listen to. On Windows INT is Ctrl-C or Ctrl-Break,
// and TERM a window that is closed, a user who logs off, the end of the system.
func endSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

// ignoreBrokenPipes does nothing: only Unix ends a program that writes to a pipe that
// nobody reads.
func ignoreBrokenPipes() {}

// unread does nothing, for the same reason.
func unread(err error) error { return err }

// signalName is a signal's name.
func signalName(s os.Signal) string { return s.String() }
