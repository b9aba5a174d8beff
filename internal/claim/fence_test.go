package claim

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"ergon/internal/atomicfile"
)

// interrupted is the files of a folder to which something happens just before a call, after
// the holder of the claim has looked whether it still has it.
type interrupted struct {
	atomicfile.FS
	at    int // the call, from 1
	calls int
	what  func()
}

func (i *interrupted) next() {
	if i.calls++; i.calls == i.at {
		i.what()
	}
}

func (i *interrupted) Create(name string) (atomicfile.File, error) {
	i.next()
	return i.FS.Create(name)
}

func (i *interrupted) Rename(from, to string) error {
	i.next()
	return i.FS.Rename(from, to)
}

func (i *interrupted) Remove(name string) error {
	i.next()
	return i.FS.Remove(name)
}

// takeOver claims a folder as the same task, begun again, does, and removes what is half-written.
func takeOver(t *testing.T, root *os.Root) *Claim {
	t.Helper()
	t.Setenv("SLURM_RESTART_COUNT", "1")
	c := taken(t, root)
	entries, err := os.ReadDir(root.Name())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if Unfinished(e.Name()) != "" {
			if err := root.Remove(e.Name()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return c
}

func writeText(files atomicfile.FS, text string) error {
	return atomicfile.WriteTo(files, "f", func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// Whenever another takes over, also between the look at the claim and the call that it
// allows, the file is the other's, and nothing else is left.
func TestTakenOverBetweenLookAndCall(t *testing.T) {
	withAndWithoutLocks(t, func(t *testing.T) {
		t.Setenv("SLURM_JOB_ID", "1")
		for at := 1; ; at++ {
			t.Setenv("SLURM_RESTART_COUNT", "0")
			folder := t.TempDir()
			root := rootOf(t, folder)
			loser := taken(t, root)
			var winner *Claim
			calls := &interrupted{FS: atomicfile.In(root), at: at, what: func() {
				winner = takeOver(t, root)
				if err := writeText(winner.Fence(atomicfile.In(root)), "winner"); err != nil {
					t.Fatal(err)
				}
			}}
			err := writeText(loser.Fence(calls), "loser")
			if winner == nil { // there are no more calls
				if err != nil || at < 3 {
					t.Errorf("%d calls, %v", at-1, err)
				}
				_ = loser.Release()
				return
			}
			if !errors.Is(err, ErrLost) {
				t.Errorf("call %d: error %v, want that it is lost", at, err)
			}
			if err := errors.Join(loser.Release(), winner.Release()); err != nil {
				t.Errorf("call %d: %v", at, err)
			}
			text, err := os.ReadFile(filepath.Join(folder, "f"))
			entries, _ := os.ReadDir(folder)
			if string(text) != "winner" || len(entries) != 1 {
				t.Errorf("call %d: %q, %v, among %v", at, text, err, entries)
			}
		}
	})
}

// Who has lost changes nothing, whatever it calls.
func TestLoserChangesNothing(t *testing.T) {
	t.Setenv("SLURM_JOB_ID", "1")
	folder := t.TempDir()
	root := rootOf(t, folder)
	loser := taken(t, root)
	files := loser.Fence(atomicfile.In(root))
	if err := writeText(files, "before"); err != nil {
		t.Fatal(err)
	}
	winner := takeOver(t, root)
	for what, err := range map[string]error{
		"create": func() error { _, err := files.Create("g"); return err }(),
		"write":  writeText(files, "after"),
		"rename": files.Rename("f", "g"),
		"remove": files.Remove("f"),
	} {
		if !errors.Is(err, ErrLost) {
			t.Errorf("%s: error %v", what, err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(folder, "f")); string(text) != "before" {
		t.Errorf("%q, %v", text, err)
	}
	if err := errors.Join(loser.Release(), winner.Release()); err != nil {
		t.Error(err)
	}
}

func TestUnfinished(t *testing.T) {
	for name, want := range map[string]string{
		"f.part": "f", "f": "", "f.0123456789abcdef.part": "f", "f.0123456789abcdeg.part": "f.0123456789abcdeg",
		"a.json.0123456789abcdef.part": "a.json", "a.json.part": "a.json", ".part": "", "claim.0123456789abcdef.part": probe,
	} {
		if got := Unfinished(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
