//go:build linux && slow

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ergon/train/rundir"
)

// recorded are the settings of a run that writes every kind of file.
var recorded = []string{
	"train", "mixture", "data.train=24", "data.test=10", "data.inputs=20", "model.hidden=[60]", "train.batch=4", "train.epochs=4",
	"train.eval_every=5", "train.log_every=1", "checkpoint.every_steps=1", "rule.synapse=stochastic", "out.dir=run", "-q",
}

// wholeRun makes that run at one go.
func wholeRun(t *testing.T) (folder string) {
	t.Helper()
	folder = memoryFolder(t)
	if code, said := call(t, folder, "ergon", recorded...); code != 0 {
		t.Fatalf("exit code %d: %s", code, said)
	}
	return folder
}

// faulty checks how a run has ended whose disk failed: with exit code 1, and a message that
// names a path and the error.
func faulty(t *testing.T, code int, said, path, problem string) {
	t.Helper()
	if code != exitError || !strings.Contains(said, path) || !strings.Contains(said, problem) {
		t.Errorf("exit code %d, want %d, %s and %q: %s", code, exitError, path, problem, said)
	}
	if strings.Contains(said, "goroutine") || strings.Count(said, "\n") > 6 {
		t.Errorf("says too much: %s", said)
	}
}

// goesOnFrom makes the run come to its end on a disk that works again, from the newest state
// that was left or from the start if none was, and compares it with the whole one.
func goesOnFrom(t *testing.T, whole, folder string) {
	t.Helper()
	d := rundir.Directory(filepath.Join(folder, "run"))
	state := newest(d)
	code, said := call(t, folder, "ergon", recorded...)
	if code != 0 {
		t.Fatalf("the same call then: exit code %d: %s", code, said)
	}
	if state >= 0 && !strings.Contains(said, fmt.Sprintf("goes on after step %d\n", state)) {
		t.Errorf("the newest state is of step %d, and the same call says %s", state, said)
	}
	same(t, whole, folder)
}

// A system call that fails, any by which a run writes a file, ends the run with exit code 1
// and the file's name; the same call goes on to the same bits.
func TestEveryWriteFails(t *testing.T) {
	if err := exec.Command("strace", "-e", "inject=fsync:error=EIO", "true").Run(); err != nil {
		t.Skipf("faults are injected by strace, which does not work here: %v", err)
	}
	const state = rundir.CheckpointsFolder + "/step-000013.safetensors"
	whole := []string{
		rundir.MetaFile, rundir.ConfigFile, state, rundir.CheckpointsFolder + "/" + rundir.WeightsFile,
		rundir.SynapsesFile, rundir.SynapseArraysFile, rundir.SummaryFile,
	}
	type site struct{ file, calls string }
	var sites []site
	for _, file := range whole {
		for _, calls := range []string{"openat", "write", "fsync", "close", "renameat,renameat2"} {
			sites = append(sites, site{file + knownToken + ".part", calls})
		}
	}
	for _, file := range []string{rundir.MetricsFile, rundir.StepsFile, rundir.LogFile} {
		for _, calls := range []string{"openat", "renameat,renameat2"} { // they begin as a file that is not whole
			sites = append(sites, site{file + knownToken + ".part", calls})
		}
		for _, calls := range []string{"write", "fsync", "close"} {
			sites = append(sites, site{file, calls})
		}
	}
	for _, calls := range []string{"openat", "write,pwrite64"} {
		sites = append(sites, site{"claim" + knownToken + ".part", calls})
	}
	sites = append(sites, site{"", "mkdirat"}, site{"", "fsync"}, site{rundir.CheckpointsFolder, "mkdirat"}, site{rundir.CheckpointsFolder, "fsync"})
	want := wholeRun(t)
	problems := []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EIO, syscall.EROFS}
	for i, s := range sites {
		for n := range 2 {
			problem := problems[(i+n*2+i/4)%len(problems)] // a disk that is full, or one that is broken
			t.Run(strings.Join([]string{s.file, s.calls, unix.ErrnoName(problem)}, " "), func(t *testing.T) {
				t.Parallel()
				folder := memoryFolder(t)
				code, said, injected := failing(t, folder, s.file, s.calls, problem)
				if injected == 0 {
					t.Fatal("no call failed: the run does not make it")
				}
				faulty(t, code, said, "run", problem.Error())
				if name := strings.TrimSuffix(filepath.Base(s.file), knownToken+".part"); s.file != "" && s.calls != "mkdirat" && !strings.Contains(said, name) {
					t.Errorf("%s is not named: %s", name, said)
				}
				goesOnFrom(t, want, folder)
			})
		}
	}
}

// failing makes the run with those calls failing that are about a file of its directory, and
// returns how many did.
func failing(t *testing.T, folder, file, calls string, problem syscall.Errno) (code int, said string, injected int) {
	t.Helper()
	log := filepath.Join(t.TempDir(), "strace")
	args := []string{"-f", "--seccomp-bpf", "-qq", "-o", log, "-e", "signal=none", "-e", "trace=" + calls, "-e", "inject=" + calls + ":error=" + unix.ErrnoName(problem)}
	// A call names the file from one folder or another, or by a number that stands for its path.
	for _, path := range []string{filepath.Join(folder, "run", file), filepath.Join("run", file), filepath.Base(file)} {
		if path != "." {
			args = append(args, "-P", path)
		}
	}
	code, said = call(t, folder, "strace", append(append(args, "ergon-known"), recorded...)...)
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	return code, said, strings.Count(string(text), "(INJECTED)")
}

// A disk of any size that is too small ends a run with exit code 1; with more space the same
// call goes on to the same bits. So does one with too few files left, and one that was
// read-only for a while.
func TestSmallDisks(t *testing.T) {
	mounted(t, "size=4096") // or the test is skipped
	whole := wholeRun(t)
	tooSmall := 0
	const page, sizes = 4096, 100
	disk := func(options, then string) {
		t.Run(options, func(t *testing.T) { // at the end of which it is unmounted
			folder := mounted(t, options)
			code, said := call(t, folder, "ergon", recorded...)
			if code != 0 {
				tooSmall++
				faulty(t, code, said, "run", syscall.ENOSPC.Error())
			}
			remount(t, folder, 0, then)
			goesOnOrIsThere(t, whole, folder, code)
		})
	}
	for n := range sizes {
		disk(fmt.Sprintf("size=%d", (n+1)*page), "size=64m")
	}
	t.Logf("of %d sizes %d were too small", sizes, tooSmall)
	if tooSmall < sizes/5 || tooSmall == sizes {
		t.Error("choose other sizes")
	}
	for files := range 12 { // of which the folder itself is one
		disk(fmt.Sprintf("nr_inodes=%d", files+2), "nr_inodes=1000")
	}

	folder := mounted(t, "size=64m")
	d := rundir.Directory(filepath.Join(folder, "run"))
	c := begin(t, folder, recorded...)
	for end := time.Now().Add(patience); newest(d) < 3 && time.Now().Before(end); {
		time.Sleep(100 * time.Microsecond)
	}
	_ = c.Process.Kill()
	codeAfter(t, c)
	if err := os.Remove(d.Path(rundir.SummaryFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err) // where it was quicker than the kill, which then came right after its last state
	}
	remount(t, folder, unix.MS_RDONLY, "")
	code, said := call(t, folder, "ergon", recorded...)
	faulty(t, code, said, "run", syscall.EROFS.Error())
	remount(t, folder, 0, "")
	goesOnFrom(t, whole, folder)
}

// goesOnOrIsThere is goesOnFrom unless the run was done already.
func goesOnOrIsThere(t *testing.T, whole, folder string, code int) {
	t.Helper()
	if code != 0 {
		goesOnFrom(t, whole, folder)
		return
	}
	same(t, whole, folder)
}

// mounted is an empty disk in memory.
func mounted(t *testing.T, options string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, options); err != nil {
		t.Skipf("disks are mounted, for which one must be root: %v", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(folder, unix.MNT_DETACH) })
	return folder
}

func remount(t *testing.T, folder string, flags uintptr, options string) {
	t.Helper()
	if err := unix.Mount("tmpfs", folder, "tmpfs", unix.MS_REMOUNT|flags, options); err != nil {
		t.Fatal(err)
	}
}

// Files that may not grow, as under a limit of the shell, are an error as a full disk is.
func TestLimitedFiles(t *testing.T) {
	whole := wholeRun(t)
	for blocks := range 60 { // of 512 bytes, or of 1024
		folder := memoryFolder(t)
		code, said := call(t, folder, "sh", append([]string{"-c", fmt.Sprintf(`ulimit -f %d; exec ergon "$@"`, blocks), "sh"}, recorded...)...)
		if code != 0 {
			faulty(t, code, said, "run", syscall.EFBIG.Error())
		}
		goesOnOrIsThere(t, whole, folder, code)
	}
}
