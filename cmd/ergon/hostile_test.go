//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// hostile is an input that somebody may have made to do harm, and the call that reads it. make
// lays it into a folder, in which the call runs.
type hostile struct {
	input string
	make  func(t *testing.T, dir string)
	call  string
}

// aboveAll is how many MiB more than a harmless call one that reads a hostile input may use.
const aboveAll = 64

// Each hostile input is refused: with an error that says what and where, an exit code of the
// program's own, in seconds, and within memory that the input does not choose. The table in
// testdata is what a user reads.
func TestHostileInputs(t *testing.T) {
	harmless := played(t, t.TempDir(), "configs mnist")
	if harmless.code != 0 {
		t.Fatalf("%+v", harmless)
	}
	t.Logf("a harmless call uses %d MiB", harmless.peak)
	var table strings.Builder
	worst := end{}
	var all []hostile
	for _, group := range [][]hostile{hostileIDX(), hostileDocuments(), hostileRuns(t), hostileBenches()} {
		all = append(all, group...)
	}
	for _, h := range all {
		dir := t.TempDir()
		h.make(t, dir)
		e := played(t, dir, h.call)
		switch {
		case e.code != 1 && e.code != 2 && e.code != exitDiverged:
			t.Errorf("%s: exit code %d: %s", h.input, e.code, e.said)
		case strings.Contains(e.said, "goroutine "):
			t.Errorf("%s: a panic:\n%s", h.input, e.said)
		case e.peak > harmless.peak+aboveAll:
			t.Errorf("%s: %d MiB, and %d without it", h.input, e.peak, harmless.peak)
		case e.took > 30*time.Second:
			t.Errorf("%s: took %v", h.input, e.took)
		}
		if e.peak > worst.peak || e.took > time.Second {
			worst.peak = max(worst.peak, e.peak)
			t.Logf("%s: %d MiB, %v", h.input, e.peak, e.took.Round(time.Millisecond))
		}
		fmt.Fprintf(&table, "%s\n    ergon %s: %d\n    %s\n\n", h.input, h.call, e.code, strings.ReplaceAll(e.said, "\n", "\n    "))
	}
	if len(all) < 40 {
		t.Errorf("%d inputs, and 40 were promised", len(all))
	}
	const golden = "testdata/hostile.golden.txt"
	got := fmt.Sprintf("%d hostile inputs, the calls that read them, their exit codes and what they say.\n\n%s", len(all), table.String())
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		for i, line := range strings.Split(got, "\n") {
			if lines := strings.Split(string(want), "\n"); i >= len(lines) || lines[i] != line {
				t.Fatalf("%s differs at line %d:\ngot  %s\nwant %s", golden, i+1, line, strings.Join(lines[min(i, len(lines)):min(i+1, len(lines))], ""))
			}
		}
		t.Fatalf("%s has more than was found", golden)
	}
}

// end is how a call ended.
type end struct {
	code int
	peak int64 // MiB of memory
	took time.Duration
	said string // on stderr, without what differs from call to call
}

// anyway is what a call says whether its input is hostile or not, and what differs.
var anyway = regexp.MustCompile(`(?m)^(idx: |mixture: |step ).*\n|, [0-9.]+ s$`)

// varying is a length of lines, which have times in them.
var varying = regexp.MustCompile(`has [0-9]+ bytes, and had`)

// played runs the program in a folder.
func played(t *testing.T, dir, call string) (e end) {
	t.Helper()
	c := exec.Command("ergon-measured", strings.Fields(call)...) // the test binary, by TestMain
	var said bytes.Buffer
	peak := filepath.Join(t.TempDir(), "peak")
	c.Dir, c.Stderr, c.Env = dir, &said, append(os.Environ(), peakFile+"="+peak)
	begun := time.Now()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() })
	err := c.Wait()
	late.Stop()
	if exited := new(exec.ExitError); err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	var kB int64
	if status, err := os.ReadFile(peak); err != nil {
		t.Errorf("%s: %v", call, err)
	} else if _, err := fmt.Sscanf(string(status), "%d kB", &kB); err != nil {
		t.Error(err)
	}
	text := varying.ReplaceAllString(strings.ReplaceAll(said.String(), dir, "DIR"), "has N bytes, and had")
	return end{c.ProcessState.ExitCode(), kB >> 10, time.Since(begun), strings.TrimSpace(anyway.ReplaceAllString(text, ""))}
}

// write makes a file.
func write(t *testing.T, text []byte, path ...string) {
	t.Helper()
	name := filepath.Join(path...)
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, text, 0o644)); err != nil {
		t.Fatal(err)
	}
}

// instead are what may stand where a file should, by what it is.
var instead = map[string]func(path string) error{
	"a pipe to which nobody writes": func(path string) error { return syscall.Mkfifo(path, 0o600) },
	"a folder":                      func(path string) error { return os.Mkdir(path, 0o755) },
	"a link to /dev/zero":           func(path string) error { return os.Symlink("/dev/zero", path) },
	"a link to itself":              func(path string) error { return os.Symlink(filepath.Base(path), path) },
	"4 GiB of nothing":              sparse,
}

// sparse makes a file of 4 GiB that takes no room.
func sparse(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(4<<30), f.Close())
}

// inPlace lists hostile inputs of a call: what stands in the place of a file.
func inPlace(what, call string, file func(t *testing.T, dir string) string) (all []hostile) {
	for _, kind := range []string{"a pipe to which nobody writes", "a folder", "a link to /dev/zero", "a link to itself", "4 GiB of nothing"} {
		all = append(all, hostile{what + ": " + kind, func(t *testing.T, dir string) {
			path := file(t, dir)
			if err := os.RemoveAll(path); err != nil {
				t.Fatal(err)
			}
			if err := instead[kind](path); err != nil {
				t.Fatal(err)
			}
		}, call})
	}
	return all
}
