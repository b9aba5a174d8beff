package main

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run this test binary as the program.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ergon": main, "ergon-measured": measured, "ergon-known": known})
}

// TestScripts plays the transcripts of testdata/script. Each begins with what
// it guards. On top of testscript's own commands there are
//
//	exits CODE ergon …              run the program and check its exit code
//	await FILE                      wait until a command in the background has written FILE
//	exited CODE                     check the exit code of the command that await waited for, after wait
//	jsonhas FILE PATH KEY …         the object at PATH has the keys; any others it may have too
//	jsonget FILE PATH VALUE         the value at PATH is VALUE, itself JSON
//	jsonlen FILE PATH N             the list at PATH has N elements
//	jsonsame FILE FILE PATH …       two files have equal values at the paths; PATH=PATH where they differ
//	idx DIR FIRST                   write a small idx set whose four labels begin at FIRST
//	adds STEPS SUMMARY              the logged steps add up to the account of the summary, exactly
//
// Every file that a script leaves behind is read as what its name promises (readers).
//
// FILE may be stdout. A file of JSON lines is a list. A PATH is keys and
// indices joined by dots, negative ones from the end; "." is the whole.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "await": await, "exited": exited, "idx": writeIDX,
			"jsonhas": jsonHas, "jsonget": jsonGet, "jsonlen": jsonLength, "jsonsame": jsonSame, "adds": adds,
		},
		Setup: func(e *testscript.Env) error {
			e.Values[awaited{}] = new(awaited)
			return readFiles(e)
		},
	})
}

// awaited is the command in the background that a script waits for.
type awaited struct{ command *exec.Cmd }

// need stops a script whose command has too few arguments or is negated.
func need(ts *testscript.TestScript, negated bool, args []string, least int, use string) {
	if negated || len(args) < least {
		ts.Fatalf("usage: %s", use)
	}
}

func exits(ts *testscript.TestScript, negated bool, args []string) {
	need(ts, negated, args, 2, "exits CODE PROGRAM ARG …")
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = failed.ExitCode()
	}
	if strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d, want %s", code, args[0])
	}
}

func await(ts *testscript.TestScript, negated bool, args []string) {
	need(ts, negated, args, 1, "await FILE")
	commands := ts.BackgroundCmds()
	if len(commands) != 1 {
		ts.Fatalf("%d commands are in the background, want 1", len(commands))
	}
	ts.Value(awaited{}).(*awaited).command = commands[0]
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if info, err := os.Stat(ts.MkAbs(args[0])); err == nil && info.Size() > 0 {
			return
		}
	}
	ts.Fatalf("nothing is in %s", args[0])
}

func exited(ts *testscript.TestScript, negated bool, args []string) {
	need(ts, negated, args, 1, "exited CODE")
	if len(ts.BackgroundCmds()) > 0 {
		ts.Fatalf("the command is still in the background: wait first")
	}
	state := ts.Value(awaited{}).(*awaited).command.ProcessState
	if got := strconv.Itoa(state.ExitCode()); got != args[0] {
		ts.Fatalf("exit code %s (%v), want %s", got, state, args[0])
	}
}
