//go:build unix && !linux

package main

import "os"

// systemSignals are the signals of this system alone.
var systemSignals []os.Signal
