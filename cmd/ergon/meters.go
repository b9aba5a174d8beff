package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"ergon/energy/meter"
)

// examineMeters says which meters of real joules there are, and how to get at
// those that there could be.
func examineMeters() (findings []finding) {
	for _, m := range meter.Survey() {
		f := finding{What: "meter " + m.Kind, Found: m.Counters, OK: m.Err == nil, Advice: strings.Join(m.Notes, "; ")}
		if m.Err != nil {
			f.Found, f.Advice = "measures nothing", strings.TrimPrefix(m.Err.Error(), m.Kind+": ")
		}
		if m.Kind == "nvml" && !f.OK && !nvidiaDriver() {
			f = finding{What: f.What, Found: "no NVIDIA driver", OK: true}
		}
		if errors.Is(m.Err, meter.ErrNoHardware) && !f.OK {
			f.Found = "none"
		}
		findings = append(findings, f)
	}
	return findings
}

// nvidiaDriver says whether a driver of NVIDIA's is loaded.
func nvidiaDriver() bool {
	_, err := os.Stat("/proc/driver/nvidia/version")
	return err == nil
}

// printMeasured prints the joules that a meter saw, if one did.
func printMeasured(w io.Writer, m *meter.Reading) {
	if m == nil {
		return
	}
	fmt.Fprintf(w, "measured        %.4g ± %.2g J in %.1f s without evaluations, by %s\n", m.Joules, m.Error, m.Window, m.Source)
	if m.AboveIdle != nil && m.ErrorAboveIdle != nil && m.Baseline != nil {
		fmt.Fprintf(w, "above idle      %.4g ± %.2g J; %.4g W while idle\n", *m.AboveIdle, *m.ErrorAboveIdle, *m.Baseline)
	}
}
