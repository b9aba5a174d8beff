package main

import (
	"os"
	"runtime"

	"github.com/mattn/go-isatty"
)

// onTerminal says whether a person watches standard error on a terminal whose lines can
// be drawn anew. Elsewhere progress is plain lines: into files and pipes, on terminals
// that say they are dumb or do not say what they are (Emacs' shell, serial consoles), and
// where CI is set, whose terminals are log files.
func onTerminal() bool {
	return isatty.IsTerminal(os.Stderr.Fd()) && canRedraw(os.LookupEnv, runtime.GOOS)
}

// canRedraw says whether a terminal of these environment variables can move its cursor.
func canRedraw(variable func(string) (string, bool), system string) bool {
	if ci, _ := variable("CI"); ci != "" && ci != "false" && ci != "0" {
		return false
	}
	term, _ := variable("TERM")
	return term != "dumb" && (term != "" || system == "windows") // Windows' own terminals do not set it
}
