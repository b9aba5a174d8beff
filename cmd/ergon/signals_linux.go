package main

import (
	"os"
	"syscall"
)

// systemSignals are the signals of this system alone: PWR says that power fails, and
// stops containers of LXC.
var systemSignals = []os.Signal{syscall.SIGPWR}
