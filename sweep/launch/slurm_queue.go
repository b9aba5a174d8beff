package launch

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

// Tasks implements Launcher: squeue knows what is queued or runs, scontrol for a few
// minutes how tasks ended.
func (l slurm) Tasks(ctx context.Context, s *Sweep, b *Submission) (map[int]Task, error) {
	packs, err := b.packs(s)
	if err != nil {
		return nil, err
	}
	job, cluster, _ := strings.Cut(b.Job, ";")
	if cluster != "" {
		cluster = "--clusters=" + cluster
	}
	alive, err := squeue(ctx, job, cluster)
	if err != nil {
		return nil, err
	}
	tasks := map[int]Task{}
	for _, t := range append(scontrol(ctx, job, cluster), alive...) { // what is alive is told last
		if t.index >= len(packs) {
			if t.State == TaskEnded {
				continue
			}
			return nil, fmt.Errorf("squeue has a task %s, and job %s was submitted with %d", t.ID, job, len(packs))
		}
		t.Jobs = b.Jobs
		tasks[packs[t.index]] = t.Task
	}
	return tasks, nil
}

// arrayTask is a task of an array.
type arrayTask struct {
	Task
	index int
}

// gone is what commands of Slurm say of a job that they have forgotten.
const gone = "Invalid job id"

// noTask is Slurm's "no value" as an index: the record of an array whose tasks that waited
// were cancelled is listed so for a while.
const noTask = "4294967294"

// squeue returns what is queued or runs of a job.
func squeue(ctx context.Context, job, cluster string) (tasks []arrayTask, err error) {
	args := []string{"-r", "-h", "-o", "%i %t %r", "-j", job}
	if cluster != "" {
		args = append(args, cluster)
	}
	out, err := slurmCommand(ctx, "squeue", args...)
	if err != nil && strings.Contains(err.Error(), gone) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "CLUSTER:") {
			continue
		}
		id, rest, _ := strings.Cut(line, " ")
		state, why, _ := strings.Cut(strings.TrimSpace(rest), " ")
		of, task, isArray := strings.Cut(id, "_")
		if task == noTask {
			continue
		}
		index, err := number(task)
		if !isArray || of != job || err != nil || state == "" {
			return nil, fmt.Errorf("squeue says %q of job %s, which is no task of an array", line, job)
		}
		t := arrayTask{Task{ID: id, State: TaskQueued, Why: reason(why)}, index}
		if state == "R" || state == "CG" || state == "S" || state == "ST" {
			t.State = TaskRunning
		}
		tasks = append(tasks, t)
	}
	return tasks, nil
}

// reason returns what squeue gives as a reason, "" if that says nothing.
func reason(text string) string {
	text = strings.Trim(strings.TrimSpace(text), "()")
	if text == "None" {
		return ""
	}
	return text
}

// fields of a line of scontrol show job -o
var scontrolField = regexp.MustCompile(`(?:^|\s)(ArrayJobId|ArrayTaskId|JobState|Reason|ExitCode)=(\S*)`)

// scontrol returns how tasks of a job ended, as far as Slurm remembers: nothing depends on
// it, so an error is as good as having forgotten.
func scontrol(ctx context.Context, job, cluster string) (tasks []arrayTask) {
	args := []string{"show", "job", "-o", job}
	if cluster != "" {
		args = append([]string{cluster}, args...)
	}
	out, _ := slurmCommand(ctx, "scontrol", args...)
	for line := range strings.Lines(out) {
		f := map[string]string{}
		for _, m := range scontrolField.FindAllStringSubmatch(line, -1) {
			if _, twice := f[m[1]]; !twice {
				f[m[1]] = m[2]
			}
		}
		index, err := number(f["ArrayTaskId"])
		if err != nil || f["ArrayJobId"] != job || f["JobState"] == "" { // tasks that wait are one line, as 5-9
			continue
		}
		t := arrayTask{Task{ID: job + "_" + f["ArrayTaskId"], State: TaskEnded, Why: f["JobState"]}, index}
		if r := reason(f["Reason"]); r != "" {
			t.Why += ", " + r
		}
		if code := f["ExitCode"]; code != "" && code != "0:0" {
			t.Why += ", exit code " + code
		}
		tasks = append(tasks, t)
	}
	return tasks
}
