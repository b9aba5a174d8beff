//go:build unix

package launch

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/configs"
)

// odd is a folder whose name holds what shells, sbatch and its file names take for something.
const odd = `/work/my run #1 'a' "b" $HOME %x`

func oddLaunch() configs.Launch {
	l := configs.DefaultLaunch()
	l.CPUs, l.Parallel, l.Pack = 4, 50, 10
	l.Slurm = configs.Slurm{
		Partition: "cpu", Account: "me; rm -rf /", QOS: "long", Time: "1-12", Memory: "2G", GRES: "gpu:1", SignalS: 90, Requeues: 3,
		Options: []string{`--comment=a "b" \c #d`, "--constraint=avx2&ib", "--exclusive"},
	}
	l.Kubernetes = configs.Kubernetes{Image: "registry.example/ergon:1", Namespace: "lab", Claim: "work", Mount: "/work", Memory: "2Gi", Retries: 2}
	return l
}

func TestScript(t *testing.T) {
	plainest := configs.DefaultLaunch()
	for name, s := range map[string]*Sweep{
		"slurm.sh":     launched("/home/me/runs/bench-rules", "rules", 100, plainest),
		"slurm_odd.sh": launched(odd, "two words", 100, oddLaunch()),
	} {
		script, err := s.slurmScript("/opt/my ergon/bin/ergon")
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, script)
	}
	for _, folder := range []string{"/a\nb", `/a\b`, "/a\tb"} {
		if _, err := launched(folder, "x", 1, plainest).slurmScript("/ergon"); err == nil {
			t.Errorf("%q is taken", folder)
		}
	}
}

// The program is the task's process, and is told the folder and the packs as they are.
func TestScriptRuns(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, `er 'gon" $x #`)
	fake(t, program, `echo $$; for a; do echo "<$a>"; done`)
	script, err := launched(odd, "x", 100, oddLaunch()).slurmScript(program)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "script")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command("sh", file, "--packs", "0-9,12")
	c.Env = append(os.Environ(), "SLURM_ARRAY_TASK_ID=7")
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	pid, args, _ := strings.Cut(string(out), "\n")
	if want := "<sweep>\n<work>\n<" + odd + ">\n<--index>\n<7>\n<--jobs>\n<4>\n<--requeues>\n<3>\n<--packs>\n<0-9,12>\n"; args != want {
		t.Errorf("it is called with %s, want %s", args, want)
	}
	if want := c.ProcessState.Pid(); pid != "" && pid != strconv.Itoa(want) {
		t.Errorf("it runs as process %s, and the script is %d: signals do not reach it", pid, want)
	}
}

// fake writes a program of shell.
func fake(t *testing.T, path, body string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
}

// fakes puts programs of shell in place of Slurm's commands; there are no others on the path.
func fakes(t *testing.T, bodies map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, body := range bodies {
		fake(t, filepath.Join(dir, name), body)
	}
	for _, tool := range []string{"cat", "touch", "env", "grep", "sort"} {
		path, err := exec.LookPath(tool)
		if err == nil {
			err = os.Symlink(path, filepath.Join(dir, tool))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

// submit submits the packs of a sweep to fakes.
func submit(t *testing.T, s *Sweep, packs int) (Handed, error) {
	t.Helper()
	all := Ranges{}
	for i := range packs {
		all = append(all, i)
	}
	return slurm{Options{Program: "/bin/ergon"}}.Submit(context.Background(), s, all)
}

// Arrays are as long as the cluster lets them; what sbatch says is a job's number or an error,
// and what was submitted before that stays known.
func TestSubmitArrays(t *testing.T) {
	config := `case "$1" in show) echo "Configuration data as of today"; echo "MaxArraySize            = 5"; echo "MaxJobCount = 10";; esac`
	for _, c := range []struct {
		name, sbatch, scontrol string
		packs                  int
		jobs                   []string
		want                   string
	}{
		{"one", "echo 12", config, 3, []string{"12 0-2"}, ""},
		{"several", `n=$(cat "$0.n" 2>/dev/null || echo 10); echo $((n+1)) >"$0.n"; echo $n`, config, 10, []string{"10 0-3", "11 4-7", "12 8-9"}, ""},
		{"of a cluster", "echo '12;alpha'", config, 1, []string{"12;alpha 0"}, ""},
		{"with a banner", "echo welcome; echo; echo 12", config, 1, []string{"12 0"}, ""},
		{"with a warning", "echo 12; echo sbatch: warning >&2", config, 1, []string{"12 0"}, ""},
		{"no number", "echo Submitted batch job 12", config, 1, nil, "no job's number"},
		{"nothing", "true", config, 1, nil, "no job's number"},
		{"refused", "echo 'sbatch: error: Batch job submission failed: Invalid account' >&2; exit 1", config, 1, nil, "Invalid account"},
		{"refused at the second", `[ -e "$0.n" ] && { echo QOSMaxSubmitJobPerUserLimit >&2; exit 1; }; touch "$0.n"; echo 12`, config, 6, []string{"12 0-3"}, "packs 4-5 are not submitted: sbatch: exit status 1: QOSMaxSubmit"},
		{"no array size", "echo 12", "echo nothing", 3, []string{"12 0-2"}, ""},
		{"no arrays", "echo 12", "echo 'MaxArraySize = 0'", 3, nil, "no job arrays"},
		{"no controller", "echo 12", "echo 'Unable to contact slurm controller' >&2; exit 1", 3, nil, "Unable to contact"},
		{"killed", "kill -KILL $$", config, 1, nil, "signal: killed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fakes(t, map[string]string{"sbatch": c.sbatch, "scontrol": c.scontrol})
			s := launched(t.TempDir(), "x", 20, configs.DefaultLaunch())
			handed, err := submit(t, s, c.packs)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			known, err := s.submissions()
			if err != nil {
				t.Fatal(err)
			}
			for _, list := range [][]Submission{handed.Jobs, known} {
				var jobs []string
				for _, b := range list {
					jobs = append(jobs, b.Job+" "+b.Packs)
				}
				if !slices.Equal(jobs, c.jobs) {
					t.Errorf("jobs %q, want %q", jobs, c.jobs)
				}
			}
		})
	}
	t.Run("not here", func(t *testing.T) {
		fakes(t, nil)
		if _, err := submit(t, launched(t.TempDir(), "x", 2, configs.DefaultLaunch()), 1); err == nil || !strings.Contains(err.Error(), "not on the path") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("arguments", func(t *testing.T) {
		fakes(t, map[string]string{"sbatch": `for a; do echo "$a"; done >>"$0.args"; echo 1`, "scontrol": config})
		l := configs.DefaultLaunch()
		l.Parallel = 4
		s := launched(t.TempDir(), "x", 20, l)
		if _, err := submit(t, s, 6); err != nil {
			t.Fatal(err)
		}
		sbatch, _ := exec.LookPath("sbatch")
		args, err := os.ReadFile(sbatch + ".args")
		script := s.path(scriptFile)
		if want := "--parsable\n--array=0-3%2\n" + script + "\n--packs\n0-3\n--parsable\n--array=0-1%2\n" + script + "\n--packs\n4-5\n"; err != nil || string(args) != want {
			t.Errorf("%v: called with\n%s, want\n%s", err, args, want)
		}
	})
}

// What squeue says decides what is in hand; scontrol explains; neither is believed blindly.
func TestTasks(t *testing.T) {
	for _, c := range []struct {
		name, squeue, scontrol string
		want                   map[int]string
		err                    string
	}{
		{
			"queued and running", "printf '7_0 R None\\n7_1 PD (Resources)\\n7_2 CG None\\n7_3 PD BeginTime\\n'", "false",
			map[int]string{2: "running", 3: "queued Resources", 5: "running", 6: "queued BeginTime"}, "",
		},
		{
			"ended", "true", `echo 'JobId=8 ArrayJobId=7 ArrayTaskId=1 JobName=x JobState=FAILED Reason=NonZeroExitCode Dependency=(null) ExitCode=7:0 DerivedExitCode=0:0'
echo 'JobId=9 ArrayJobId=7 ArrayTaskId=2 JobState=OUT_OF_MEMORY Reason=OutOfMemory ExitCode=0:125'
echo 'JobId=7 ArrayJobId=7 ArrayTaskId=3 JobState=COMPLETED Reason=None ExitCode=0:0'`,
			map[int]string{3: "ended FAILED, NonZeroExitCode, exit code 7:0", 5: "ended OUT_OF_MEMORY, OutOfMemory, exit code 0:125", 6: "ended COMPLETED"}, "",
		},
		{
			"requeued: alive counts", "echo '7_1 PD BeginTime'", "echo 'JobId=8 ArrayJobId=7 ArrayTaskId=1 JobState=PENDING Reason=BeginTime ExitCode=0:0'",
			map[int]string{3: "queued BeginTime"}, "",
		},
		{
			"others that wait are one line", "true", "echo 'JobId=7 ArrayJobId=7 ArrayTaskId=1-3%2 JobState=PENDING Reason=Resources'", map[int]string{}, "",
		},
		{"forgotten", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1", map[int]string{}, ""},
		{"cancelled array", "echo '7_4294967294 CA None'", "false", map[int]string{}, ""},
		{"cluster's head", "echo 'CLUSTER: alpha'; echo '7_0 R None'", "false", map[int]string{2: "running"}, ""},
		{"reason of words", "echo '7_0 PD (Nodes required for job are DOWN, DRAINED or reserved)'", "false", map[int]string{2: "queued Nodes required for job are DOWN, DRAINED or reserved"}, ""},
		{"unknown state", "echo '7_0 XY None'", "false", map[int]string{2: "queued"}, ""},
		{"garbage", "echo 'Segmentation fault'", "echo rubbish; echo ArrayTaskId=1 ArrayJobId=7", nil, "squeue says"},
		{"another job's", "echo '8_0 R None'", "false", nil, "squeue says"},
		{"no array", "echo '7 R None'", "false", nil, "squeue says"},
		{"task that was not submitted", "echo '7_9 R None'", "false", nil, "submitted with 4"},
		{"no answer", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1", "false", nil, "Unable to contact"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fakes(t, map[string]string{"squeue": c.squeue, "scontrol": c.scontrol})
			s := launched(t.TempDir(), "x", 20, configs.DefaultLaunch())
			tasks, err := slurm{}.Tasks(context.Background(), s, &Submission{On: "slurm", Job: "7", Packs: "2-3,5-6", Pack: 1, Jobs: 1})
			if (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Fatalf("error %v, want %q", err, c.err)
			}
			if err != nil {
				return
			}
			got := map[int]string{}
			for pack, task := range tasks {
				state := map[TaskState]string{TaskQueued: "queued", TaskRunning: "running", TaskEnded: "ended"}[task.State]
				got[pack] = strings.TrimSpace(state + " " + task.Why)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Of several submissions of a pack, the task that is alive counts, or else the last.
func TestTasksOfSubmissions(t *testing.T) {
	fakes(t, map[string]string{
		"squeue":   `for job; do :; done; [ $job = 2 ] && echo '2_0 PD Resources'; true`,
		"scontrol": `case "$*" in *" 1") echo ArrayJobId=1 ArrayTaskId=0 JobState=FAILED;echo ArrayJobId=1 ArrayTaskId=1 JobState=FAILED;; *" 3") echo ArrayJobId=3 ArrayTaskId=0 JobState=CANCELLED;  echo ArrayJobId=3 ArrayTaskId=1 JobState=CANCELLED;; esac`,
	})
	s := create(t, small)
	for _, job := range []string{"1", "2", "3"} {
		b := s.newSubmission("slurm", Ranges{0, 1}, 1)
		b.Job = job
		if err := s.record(b); err != nil {
			t.Fatal(err)
		}
	}
	st := status(t, s)
	for i, want := range []string{"waiting task 2_0: Resources", "missing task 3_1: CANCELLED", "missing "} {
		if got := string(st.Cells[i].State) + " " + st.Cells[i].Why; got != want {
			t.Errorf("cell %d is %s, want %s", i, got, want)
		}
	}
}

func TestRequeue(t *testing.T) {
	for _, c := range []struct{ name, job, task, restarts, scontrol, want string }{
		{"first time", "12", "3", "", `[ "$*" = "requeue 12_3" ]`, "task 12_3 is requeued"},
		{"once more", "12", "3", "19", `[ "$*" = "requeue 12_3" ]`, "task 12_3 is requeued"},
		{"often enough", "12", "3", "20", "touch $0.called; true", "not requeued any more"},
		{"pending already", "12", "3", "1", "echo Job is pending execution >&2; exit 1", "could not be requeued: scontrol: exit status 1: Job is pending execution"},
		{"no task", "", "", "", "false", ""},
		{"no array", "12", "", "", "false", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			fakes(t, map[string]string{"scontrol": c.scontrol})
			t.Setenv("SLURM_ARRAY_JOB_ID", c.job)
			t.Setenv("SLURM_ARRAY_TASK_ID", c.task)
			t.Setenv("SLURM_RESTART_COUNT", c.restarts)
			said := Requeue(context.Background(), 20)
			if !strings.Contains(said, c.want) || c.want == "" && said != "" {
				t.Errorf("said %q, want %q", said, c.want)
			}
			scontrol, _ := exec.LookPath("scontrol")
			if _, err := os.Stat(scontrol + ".called"); err == nil {
				t.Error("it asked Slurm")
			}
		})
	}
}

// Variables that users have set for their own calls of Slurm do not undo what a sweep says.
func TestVariables(t *testing.T) {
	list := `env | grep -E '^(SBATCH|SQUEUE|SCONTROL)_' | sort >"$0.env"; echo 1`
	fakes(t, map[string]string{"sbatch": list, "squeue": list + " >/dev/null", "scontrol": list})
	for _, name := range append(slices.Clone(ownVariables), "PARTITION", "ACCOUNT") {
		t.Setenv("SBATCH_"+name, "1")
	}
	t.Setenv("SQUEUE_STATES", "RUNNING")
	t.Setenv("SQUEUE_FORMAT", "%j")
	t.Setenv("SCONTROL_ALL", "1")
	s := launched(t.TempDir(), "x", 2, configs.DefaultLaunch())
	if _, err := submit(t, s, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := (slurm{}).Tasks(context.Background(), s, &Submission{Job: "7", Packs: "0"}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"sbatch", "squeue", "scontrol"} {
		path, _ := exec.LookPath(name)
		text, err := os.ReadFile(path + ".env")
		if want := "SBATCH_ACCOUNT=1\nSBATCH_PARTITION=1\n"; err != nil || string(text) != want {
			t.Errorf("%s sees %q, %v, want %q", name, text, err, want)
		}
	}
}

// A program that `go run` made is gone when tasks begin.
func TestProgramStays(t *testing.T) {
	path, err := os.Executable() // of go test, which makes it as go run does
	if err != nil || !strings.Contains(path, "/go-build") {
		t.Skip(path, err)
	}
	if _, err := (slurm{}).program(); err == nil || !strings.Contains(err.Error(), "go build") {
		t.Errorf("error %v", err)
	}
}
