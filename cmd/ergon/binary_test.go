package main

import (
	"debug/buildinfo"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// pinned are the modules whose versions decide whether the program starts at
// all and what it computes.
var pinned = map[string]string{
	"gorgonia.org/gorgonia":              "v0.9.18",
	"gorgonia.org/tensor":                "v0.9.24",
	"go4.org/unsafe/assume-no-moving-gc": "v0.0.0-20231121144256-b99613f794b6",
}

// Gorgonia panics at start on a Go that is newer than the assume-no-moving-gc
// it is linked with, unless this variable is set. The program has to start
// without it.
const risk = "ASSUME_NO_MOVING_GC_UNSAFE_RISK_IT_WITH"

func TestBinary(t *testing.T) {
	program := filepath.Join(t.TempDir(), "ergon")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	build := exec.Command("go", "build", "-buildvcs=false", "-o", program, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", build, err, out)
	}

	t.Run("starts", func(t *testing.T) {
		rules := exec.Command(program, "rules")
		rules.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, risk+"=") })
		out, err := rules.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "rule.mask") {
			t.Errorf("%v: %v\n%s", rules, err, out)
		}
	})

	t.Run("is pinned", func(t *testing.T) {
		info, err := buildinfo.ReadFile(program)
		if err != nil {
			t.Fatal(err)
		}
		linked := map[string]string{}
		for _, m := range info.Deps {
			linked[m.Path] = m.Version
			if m.Replace != nil {
				linked[m.Path] = "replaced by " + m.Replace.Path + " " + m.Replace.Version
			}
		}
		for module, want := range pinned {
			if linked[module] != want {
				t.Errorf("%s is %q, want %s", module, linked[module], want)
			}
		}
		// It ends the process where there is no GPU.
		if version, ok := linked["gorgonia.org/cu"]; ok {
			t.Errorf("gorgonia.org/cu %s is linked without the tag gpu", version)
		}
	})
}
