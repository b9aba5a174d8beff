package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"ergon/datasets"
	"ergon/graph/engine"
	"ergon/internal/blas"
	"ergon/internal/gpu"
	"ergon/internal/host"
	"ergon/internal/simd"
	"ergon/train"
)

// finding is one line of `ergon doctor`.
type finding struct {
	What   string `json:"what"`
	Found  string `json:"found"`
	OK     bool   `json:"ok"`               // false: something is missing that would help
	Advice string `json:"advice,omitempty"` // what to do about it
}

func newDoctor() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "look at the machine: what is there, what is missing, what to install",
		Long: `Looks at the machine. Nothing it finds missing keeps Ergon from working: it says
what is slower or absent without.`,
		Example: `  ergon doctor
  ergon doctor --json`,
		Args: arguments(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			findings := examine()
			if asJSON {
				return printJSON(c.OutOrStdout(), findings)
			}
			return printFindings(c.OutOrStdout(), findings)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	return c
}

func examine() []finding {
	findings := []finding{
		{What: "ergon", Found: train.Version(), OK: true},
		{What: "go", Found: fmt.Sprintf("%s %s/%s", runtime.Version(), runtime.GOOS, runtime.GOARCH), OK: true},
		{What: "cpu", Found: fmt.Sprintf("%s, %d cores (%s)", host.CPU(), runtime.GOMAXPROCS(0), strings.Join(host.Features(), " ")), OK: true},
		{What: "vector loops", Found: string(simd.Active()), OK: simd.Active() != simd.Portable},
		examineBLAS(), examineThreads(), examineGPU(), examineWriting(),
	}
	findings = append(findings, examineMeters()...)
	for _, l := range datasets.List() {
		if l.Name != "idx" {
			findings = append(findings, finding{"data " + l.Name, orMissing(l.Found), l.Found != "", l.Hint})
		}
	}
	return findings
}

// examineBLAS says what multiplies matrices by default. OpenBLAS is no longer
// needed for speed where the processor has vectors that Ergon's kernels use.
func examineBLAS() finding {
	library, err := blas.Open("auto")
	if err != nil {
		return finding{"blas", err.Error(), false, ""}
	}
	f := finding{What: "blas", Found: library.Name(), OK: library.Name() != "gonum"}
	if !f.OK {
		return finding{"blas", "gonum (pure Go)", false, "install OpenBLAS for matrix products several times as fast (Debian: apt install libopenblas0-pthread)"}
	}
	if other, err := blas.Open("openblas"); err == nil && other.Name() != library.Name() {
		f.Found += "; also there: " + other.Name()
	}
	for _, variable := range os.Environ() {
		if strings.HasPrefix(variable, "OPENBLAS_") {
			f.Found += "; environment sets " + variable
		}
	}
	return f
}

func examineThreads() finding {
	e, err := engine.Spec{Device: "cpu", BLAS: "auto"}.Open()
	if err != nil {
		return finding{"threads", err.Error(), false, ""}
	}
	defer e.Close()
	return finding{What: "threads", Found: fmt.Sprintf("%d, with one BLAS thread in each", e.Pool().Workers()), OK: true}
}

// examineGPU says what GPU there is and whether this build can use it: driver,
// device, memory, library of matrix products, and that the kernels compile.
func examineGPU() finding {
	driver, err := os.ReadFile("/proc/driver/nvidia/version")
	if !gpu.Built() {
		if err != nil {
			return finding{"gpu", "no NVIDIA driver", true, ""}
		}
		version, _, _ := strings.Cut(string(driver), "\n")
		return finding{"gpu", version + "; not used by this build", false, "build with -tags gpu to train on it (README, \"On a GPU\")"}
	}
	d, err := gpu.Open()
	if err != nil {
		return finding{"gpu", "none that can be used", false, err.Error()}
	}
	defer d.Close()
	i := d.Info()
	return finding{"gpu", fmt.Sprintf("%s, compute capability %s, %d multiprocessors, %.1f of %.1f GiB free, CUDA driver %s, %s, kernels compiled",
		i.Name, i.Capability, i.Processors, float64(i.Free)/(1<<30), float64(i.Memory)/(1<<30), i.Driver, i.BLAS), true, ""}
}

func examineWriting() finding {
	const what, advice = "write access", "run elsewhere, or set out.dir"
	f, err := os.CreateTemp(".", ".ergon-doctor-*")
	if err != nil {
		return finding{what, "none in this directory", false, advice}
	}
	if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
		return finding{what, err.Error(), false, advice}
	}
	return finding{what, "runs/ can be written here", true, ""}
}

func orMissing(s string) string {
	if s == "" {
		return "not here"
	}
	return s
}

func printFindings(w io.Writer, findings []finding) error {
	rows := make([][]string, 0, len(findings))
	for _, f := range findings {
		mark := "ok"
		if !f.OK {
			mark = "--"
		}
		rows = append(rows, []string{mark, f.What, f.Found, f.Advice})
	}
	return table(w, rows)
}
