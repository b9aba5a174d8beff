package launch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// slurm submits job arrays. It asks no accounting database: many clusters have none.
type slurm struct{ Options }

var _ Launcher = slurm{}

const (
	scriptFile = "slurm.sh"
	logsFolder = "logs"
)

// Submit implements Launcher.
func (l slurm) Submit(ctx context.Context, s *Sweep, packs Ranges) (Handed, error) {
	handed := Handed{On: "slurm", File: s.path(scriptFile), Jobs: []Submission{}}
	program, err := l.program()
	if err != nil {
		return handed, err
	}
	script, err := s.slurmScript(program)
	if err != nil {
		return handed, err
	}
	if err := errors.Join(s.make(logsFolder), s.write([]byte(script), scriptFile)); err != nil {
		return handed, err
	}
	most := defaultArray
	if !l.DryRun {
		if most, err = maxArraySize(ctx); err != nil {
			return handed, err
		}
	}
	arrays := slices.Collect(slices.Chunk(packs, most)) // each a Ranges
	for _, chunk := range arrays {
		array := fmt.Sprintf("--array=0-%d", len(chunk)-1)
		if parallel := s.list.Launch.Parallel; parallel > 0 {
			array += fmt.Sprintf("%%%d", max(1, parallel/len(arrays)))
		}
		args := []string{"--parsable", array, handed.File, "--packs", chunk.String()}
		handed.Calls = append(handed.Calls, "sbatch "+quoteAll(args))
		if l.DryRun {
			continue
		}
		b := s.newSubmission("slurm", chunk, s.list.Launch.CPUs)
		if b.Job, err = sbatch(ctx, args); err == nil {
			err = s.record(b)
		}
		if err != nil {
			return handed, fmt.Errorf("packs %s are not submitted: %w", b.Packs, err)
		}
		handed.Jobs = append(handed.Jobs, b)
	}
	return handed, nil
}

// parsable is what sbatch --parsable prints: the job, and the cluster where there are several.
var parsable = regexp.MustCompile(`^[0-9]+(;[^\s;]+)?$`)

// sbatch submits an array and returns the job. Clusters may print words of their own first.
func sbatch(ctx context.Context, args []string) (job string, err error) {
	out, err := slurmCommand(ctx, "sbatch", args...)
	if err != nil {
		return "", err
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if job = strings.TrimSpace(lines[len(lines)-1]); !parsable.MatchString(job) {
		return "", fmt.Errorf("sbatch says %q, and no job's number: look with squeue whether it was submitted", out)
	}
	return job, nil
}

// defaultArray is Slurm's own MaxArraySize less one, the largest index.
const defaultArray = 1000

// maxArraySize returns how many tasks an array may have: indices are below MaxArraySize.
func maxArraySize(ctx context.Context) (int, error) {
	out, err := slurmCommand(ctx, "scontrol", "show", "config")
	if err != nil {
		return 0, err
	}
	m := regexp.MustCompile(`(?m)^MaxArraySize\s*=\s*(\d+)\s*$`).FindStringSubmatch(out)
	if m == nil {
		return defaultArray, nil
	}
	n, err := strconv.Atoi(m[1])
	switch {
	case err != nil:
		return defaultArray, nil
	case n < 2:
		return 0, fmt.Errorf("this cluster has no job arrays (MaxArraySize = %d)", n)
	}
	return min(n-1, 100_000), nil
}

// patience is how long a command of Slurm may take. Its own timeouts are of a few seconds.
const patience = time.Minute

// slurmCommand runs a command of Slurm and returns what it prints.
func slurmCommand(ctx context.Context, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Env = slices.DeleteFunc(os.Environ(), overrides)
	var out, messages bytes.Buffer
	c.Stdout, c.Stderr = &out, &messages
	c.WaitDelay = time.Second
	switch err := c.Run(); {
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("%s is not on the path: is this a machine from which jobs of Slurm are submitted?", name)
	case ctx.Err() != nil:
		return "", fmt.Errorf("%s did not answer: %w", name, ctx.Err())
	case err != nil:
		said := strings.TrimSpace(messages.String())
		if said == "" {
			said = strings.TrimSpace(out.String())
		}
		return out.String(), fmt.Errorf("%s: %w: %s", name, err, said)
	}
	return out.String(), nil
}

// overrides says whether an environment variable stands above what a script or a call says:
// SBATCH_NO_REQUEUE undoes --requeue, and with SQUEUE_STATES=R tasks that wait are not
// listed. Those that stand for an option that a sweep need not give stay.
func overrides(variable string) bool {
	name, _, _ := strings.Cut(variable, "=")
	if strings.HasPrefix(name, "SQUEUE_") || strings.HasPrefix(name, "SCONTROL_") {
		return true
	}
	option, ok := strings.CutPrefix(name, "SBATCH_")
	return ok && slices.Contains(ownVariables, option)
}

// ownVariables are sbatch's for options by which a sweep works.
var ownVariables = []string{
	"ARRAY_INX", "REQUEUE", "NO_REQUEUE", "SIGNAL", "OPEN_MODE", "OUTPUT", "ERROR", "WAIT", "JOB_NAME", "TEST_ONLY", "WRAP", "IGNORE_PBS",
}

// program returns the program that tasks run: this one, from a place where it stays.
func (l slurm) program() (string, error) {
	if l.Program != "" {
		return l.Program, nil
	}
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	if strings.Contains(filepath.ToSlash(path), "/go-build") {
		return "", fmt.Errorf("%s was made by `go run` and is gone when this ends: build the program first (go build -o ergon ./cmd/ergon) where tasks can see it", path)
	}
	return path, nil
}

// slurmTask names the task that this process is, "" if it is none.
func slurmTask() string {
	job, task := os.Getenv("SLURM_ARRAY_JOB_ID"), os.Getenv("SLURM_ARRAY_TASK_ID")
	if job == "" || task == "" {
		return ""
	}
	return job + "_" + task // SLURM_JOB_ID of an array's tasks follows no rule
}
