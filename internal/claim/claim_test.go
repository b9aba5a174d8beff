package claim

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// rootOf opens a folder that the test closes.
func rootOf(t testing.TB, folder string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	return root
}

// taken claims a folder, or ends the test.
func taken(t testing.TB, root *os.Root) *Claim {
	t.Helper()
	c, err := Take(root)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// withAndWithoutLocks runs a test also as where files cannot be locked.
func withAndWithoutLocks(t *testing.T, test func(t *testing.T)) {
	t.Run("locks", test)
	for _, reason := range []error{syscall.ENOLCK, syscall.ENOSYS} {
		t.Run(reason.Error(), func(t *testing.T) {
			before := lockFile
			lockFile = func(*os.File, bool) error { return reason }
			defer func() { lockFile = before }()
			test(t)
		})
	}
}

// A folder has one claim, which its release leaves no trace of.
func TestTakeAndRelease(t *testing.T) {
	withAndWithoutLocks(t, func(t *testing.T) {
		folder := t.TempDir()
		root := rootOf(t, folder)
		c := taken(t, root)
		if err := c.Check(); err != nil {
			t.Error(err)
		}
		if _, err := Take(root); !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), c.holder.String()) {
			t.Errorf("error %v, want one that says who holds it", err)
		}
		if err := c.Release(); err != nil {
			t.Error(err)
		}
		if entries, err := os.ReadDir(folder); err != nil || len(entries) > 0 {
			t.Errorf("%v, %v are left", entries, err)
		}
		if err := taken(t, root).Release(); err != nil {
			t.Error(err)
		}
	})
}

// lay writes a claim as another process has left it.
func lay(t *testing.T, folder, name string, text []byte, age time.Duration) {
	t.Helper()
	path := filepath.Join(folder, name)
	at := time.Now().Add(-age)
	if err := errors.Join(os.WriteFile(path, text, 0o600), os.Chtimes(path, at, at)); err != nil {
		t.Fatal(err)
	}
}

// Whether a claim that is found is dead depends on who made it and on its last sign of life.
func TestStaleClaims(t *testing.T) {
	here := thisProcess()
	if here.Boot == "" || here.Namespace == "" {
		t.Skip("who else runs on this machine is not known on this system")
	}
	const young, old, gone = 20 * time.Second, DeadAfter + 5*time.Second, 1 << 30
	by := func(change func(*Holder)) []byte {
		h := here
		h.State, h.Nonce, h.Since = holds, nonce(), time.Now().Add(-time.Hour)
		change(&h)
		text, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	task := func(job, id string, restart int) func(*Holder) {
		return func(h *Holder) { h.Slurm = &Slurm{Job: job, Task: id, Restart: restart}; h.Boot = "another" }
	}
	for name, c := range map[string]struct {
		text []byte
		age  time.Duration
		dead bool
	}{
		"alive":                          {by(func(*Holder) {}), young, false},
		"alive and silent":               {by(func(*Holder) {}), old, true},
		"dead process":                   {by(func(h *Holder) { h.PID = gone }), young, true},
		"reused number":                  {by(func(h *Holder) { h.Begun = "1" }), young, true},
		"no process":                     {by(func(h *Holder) { h.PID = -1 }), young, true},
		"locked, lock free":              {by(func(h *Holder) { h.PID, h.Locked = gone, true }), young, true},
		"locked, in another container":   {by(func(h *Holder) { h.Namespace, h.Locked = "another", true }), young, true},
		"unlocked, in another container": {by(func(h *Holder) { h.Namespace, h.PID = "another", gone }), young, false},
		"another boot, young":            {by(func(h *Holder) { h.Boot, h.PID = "another", gone }), young, false},
		"another boot, old":              {by(func(h *Holder) { h.Boot = "another" }), old, true},
		"unknown boot, young":            {by(func(h *Holder) { h.Boot, h.PID = "", gone }), young, false},
		"killed while it took it":        {by(func(h *Holder) { h.State, h.PID = takes, gone }), young, true},
		"this task, begun before":        {by(task("5", "2", 0)), young, true},
		"this task, begun later":         {by(task("5", "2", 2)), young, false},
		"this task, begun later, silent": {by(task("5", "2", 2)), old, true},
		"this very start of the task":    {by(task("5", "2", 1)), young, false},
		"another task":                   {by(task("5", "3", 0)), young, false},
		"another job":                    {by(task("6", "2", 0)), young, false},
		"the same of another cluster":    {by(func(h *Holder) { task("5", "2", 0)(h); h.Slurm.Cluster = "x" }), young, false},
		"half-written":                   {by(func(*Holder) {})[:40], young, false},
		"half-written, old":              {by(func(*Holder) {})[:40], old, true},
		"empty":                          {nil, young, false},
		"garbage":                        {[]byte("\x00\xff{"), young, false},
		"garbage, old":                   {[]byte("\x00\xff{"), old, true},
		"other JSON, old":                {[]byte("[1,2]"), old, true},
		"megabytes, old":                 {[]byte(strings.Repeat("x", 1<<22)), old, true},
		"from the future":                {by(func(h *Holder) { h.Boot = "another" }), -time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("SLURM_ARRAY_JOB_ID", "5")
			t.Setenv("SLURM_ARRAY_TASK_ID", "2")
			t.Setenv("SLURM_RESTART_COUNT", "1")
			withAndWithoutLocks(t, func(t *testing.T) {
				if lockFile(nil, true) != nil && strings.HasPrefix(name, "locked") {
					return // only a lock that is free says so
				}
				folder := t.TempDir()
				lay(t, folder, "claim-000007.json", c.text, c.age)
				got, err := Take(rootOf(t, folder))
				if dead := err == nil; dead != c.dead || err != nil && !errors.Is(err, ErrHeld) {
					t.Fatalf("error %v; is dead: want %t", err, c.dead)
				}
				if err != nil {
					if !strings.Contains(err.Error(), "counts as dead") {
						t.Errorf("error %v does not say until when", err)
					}
					return
				}
				if got.name != "claim-000008.json" {
					t.Errorf("the next claim is %s", got.name)
				}
				if _, err := os.Stat(filepath.Join(folder, "claim-000007.json")); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("the dead claim is left: %v", err)
				}
				if err := got.Release(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A sign of life in the future, after a clock was set back, gets old as any other.
func TestFutureGetsOld(t *testing.T) {
	folder := t.TempDir()
	lay(t, folder, "claim-000001.json", []byte("garbage"), -24*time.Hour)
	if _, err := Take(rootOf(t, folder)); !errors.Is(err, ErrHeld) {
		t.Errorf("error %v", err)
	}
	info, err := os.Stat(filepath.Join(folder, "claim-000001.json"))
	if err != nil || time.Since(info.ModTime()).Abs() > DeadAfter/2 {
		t.Errorf("the sign of life is of %v, %v", info.ModTime(), err)
	}
}

// Numbers end somewhere; what only looks like a claim is none.
func TestNumbers(t *testing.T) {
	folder := t.TempDir()
	strange := []string{"claim-0.json", "claim-000000.json", "claim-1.json", "claim--00001.json", "claim-99999999999999999999.json", "claim-1000000000.json", "claim-000001.json.bak"}
	for _, name := range strange {
		lay(t, folder, name, nil, 0)
	}
	root := rootOf(t, folder)
	if err := taken(t, root).Release(); err != nil {
		t.Error(err)
	}
	lay(t, folder, nameOf(mostNumber-1), nil, time.Hour)
	if err := taken(t, root).Release(); err != nil {
		t.Error(err)
	}
	lay(t, folder, nameOf(mostNumber), nil, time.Hour)
	if _, err := Take(root); err == nil || errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), "remove that file") {
		t.Errorf("error %v after the last number", err)
	}
	if entries, _ := os.ReadDir(folder); len(entries) != len(strange)+1 {
		t.Errorf("%v are left", entries)
	}
	folder = t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "claim-000001.json"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Take(rootOf(t, folder)); err == nil || !strings.Contains(err.Error(), "no plain file") {
		t.Errorf("error %v of a folder in the place of a claim", err)
	}
}

// A claim that somebody took since the dead ones were found is not passed over.
func TestClaimsThatCameMeanwhile(t *testing.T) {
	folder := t.TempDir()
	root := rootOf(t, folder)
	old := taken(t, root) // number 1
	slow, err := create(root, 5, thisProcess())
	if err != nil {
		t.Fatal(err)
	}
	if err := slow.succeed(nil); !errors.Is(err, errAgain) {
		t.Errorf("error %v of one who saw an empty folder", err)
	}
	if err := errors.Join(slow.Release(), old.Check(), old.Release()); err != nil {
		t.Error(err)
	}
}

// Whose claim is gone, or was replaced by one of the same number, has lost, and is told to whom.
func TestLost(t *testing.T) {
	for _, number := range []int{1, 2} {
		folder := t.TempDir()
		root := rootOf(t, folder)
		loser := taken(t, root)
		if err := root.Remove(loser.name); err != nil {
			t.Fatal(err)
		}
		winner, err := create(root, number, thisProcess())
		if err != nil {
			t.Fatal(err)
		}
		if err := loser.Lost(); err != nil {
			t.Errorf("it is known before a look: %v", err)
		}
		if err := loser.Check(); !errors.Is(err, ErrLost) || !strings.Contains(err.Error(), winner.holder.String()) || err != loser.Lost() {
			t.Errorf("error %v", err)
		}
		if err := errors.Join(loser.Release(), winner.Check(), winner.Release()); err != nil {
			t.Errorf("the loser's end hurts the winner: %v", err)
		}
	}
	folder := t.TempDir()
	c := taken(t, rootOf(t, folder))
	if err := os.Remove(filepath.Join(folder, c.name)); err != nil {
		t.Fatal(err)
	}
	if err := c.Check(); !errors.Is(err, ErrLost) || !strings.Contains(err.Error(), "nobody else's") {
		t.Errorf("error %v", err)
	}
	_ = c.Release()
}

// BenchmarkTake is what a run's claim takes, with its release.
func BenchmarkTake(b *testing.B) {
	root := rootOf(b, b.TempDir())
	for b.Loop() {
		if err := taken(b, root).Release(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCheck is what a look at the claim takes, of which each save has a few.
func BenchmarkCheck(b *testing.B) {
	c := taken(b, rootOf(b, b.TempDir()))
	for b.Loop() {
		if err := c.Check(); err != nil {
			b.Fatal(err)
		}
	}
	_ = c.Release()
}

// Where a claim cannot be made, the error says in which folder.
func TestErrorsNameTheFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "run")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	if err := os.Remove(folder); err != nil {
		t.Skip(err) // folders that are open cannot be removed here
	}
	if _, err := Take(root); err == nil || !strings.Contains(err.Error(), folder) {
		t.Errorf("error %v, want one that names %s", err, folder)
	}
}
