//go:build unix

package claim

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// helperFolder is set where this binary is a process that claims that folder whenever it is
// asked to; noLocks where it cannot lock.
const (
	helperFolder = "CLAIM_TEST_FOLDER"
	noLocks      = "CLAIM_TEST_NO_LOCKS"
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(helperFolder); folder != "" {
		if os.Getenv(noLocks) != "" {
			lockFile = func(*os.File, bool) error { return syscall.ENOLCK }
		}
		help(folder)
		return
	}
	os.Exit(m.Run())
}

// help obeys the lines of its input: take, release.
func help(folder string) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		fmt.Println(err)
		return
	}
	var c *Claim
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		switch in.Text() {
		case "take":
			c, err = Take(root)
		case "release":
			err = c.Release()
		}
		fmt.Println(err)
	}
}

// contender is a process that wants to write.
type contender struct {
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func newContender(t *testing.T, folder string, env ...string) *contender {
	t.Helper()
	c := &contender{process: exec.Command(os.Args[0])}
	c.process.Env = append(append(os.Environ(), helperFolder+"="+folder), env...)
	c.process.Stderr = os.Stderr
	in, err := c.process.StdinPipe()
	out, err2 := c.process.StdoutPipe()
	if err := errors.Join(err, err2, c.process.Start()); err != nil {
		t.Fatal(err)
	}
	c.in, c.out = in, bufio.NewReader(out)
	t.Cleanup(func() { c.kill() })
	return c
}

func (c *contender) kill() {
	_ = c.process.Process.Kill()
	_ = c.process.Wait()
}

func (c *contender) tell(t *testing.T, what string) {
	t.Helper()
	if _, err := fmt.Fprintln(c.in, what); err != nil {
		t.Fatal(err)
	}
}

func (c *contender) answer(t *testing.T) string {
	t.Helper()
	line, err := c.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// Of 16 processes that want to write at the same time one may, and the others are told by
// name which one. When it is killed, or ends, the next may at once.
func TestOneOfManyProcesses(t *testing.T) {
	const many = 16
	for _, env := range [][]string{nil, {noLocks + "=1"}} {
		t.Run(strings.Join(env, ""), func(t *testing.T) {
			folder := t.TempDir()
			all := make([]*contender, many)
			for i := range all {
				all[i] = newContender(t, folder, env...)
			}
			kills := 0
			for round := range rounds {
				for _, c := range all {
					c.tell(t, "take")
				}
				winner := -1
				answers := make([]string, many)
				for i, c := range all {
					if answers[i] = c.answer(t); answers[i] == "<nil>" {
						if winner >= 0 {
							t.Fatalf("round %d: both %d and %d may write", round, winner, i)
						}
						winner = i
					}
				}
				if winner < 0 {
					t.Fatalf("round %d: nobody may write: %q", round, answers)
				}
				name := fmt.Sprintf("process %d on ", all[winner].process.Process.Pid)
				for i, said := range answers {
					if i != winner && (!strings.Contains(said, ErrHeld.Error()) || !strings.Contains(said, name)) {
						t.Errorf("round %d: process %d is told %q, want that it is %s", round, i, said, name)
					}
				}
				if rand.IntN(2) == 0 {
					kills++
					all[winner].kill()
					all[winner] = newContender(t, folder, env...)
				} else if all[winner].tell(t, "release"); all[winner].answer(t) != "<nil>" {
					t.Errorf("round %d: the winner cannot give it up", round)
				}
			}
			if kills < rounds/5 {
				t.Errorf("%d kills in %d rounds are too few", kills, rounds)
			}
			t.Logf("%d processes, %d rounds, %d kills", many, rounds, kills)
		})
	}
}

// A process that is killed at any moment, also while it takes the claim, hinders nobody: the next
// may write at once, or, if it could not say who it is, when it counts as dead.
func TestClaimsUnderKills(t *testing.T) {
	folder := t.TempDir()
	root := rootOf(t, folder)
	ends := time.Now().Add(churn)
	taken, kills := 0, 0
	var all [4]*contender
	for i := range all {
		all[i] = newContender(t, folder)
	}
	for time.Now().Before(ends) {
		i := rand.IntN(len(all))
		all[i].tell(t, "take")
		if rand.IntN(3) == 0 { // in the middle of it, or just after
			time.Sleep(time.Duration(rand.IntN(int(2 * time.Millisecond))))
			all[i].kill()
			all[i] = newContender(t, folder)
			kills++
			continue
		}
		switch said := all[i].answer(t); {
		case said == "<nil>":
			taken++
			claims, err := list(root, false)
			if err != nil || len(claims) != 1 || claims[0].holder == nil || claims[0].holder.PID != all[i].process.Process.Pid {
				t.Fatalf("%v, %v lie there while process %d may write", claims, err, all[i].process.Process.Pid)
			}
			all[i].tell(t, "release")
			if said := all[i].answer(t); said != "<nil>" {
				t.Fatal(said)
			}
		case strings.Contains(said, "cannot be read"): // it was killed before it could say who it is
			claims, err := list(root, false)
			if err != nil || len(claims) == 0 {
				t.Fatalf("%v, %v", claims, err)
			}
			old := time.Now().Add(-DeadAfter)
			if err := root.Chtimes(claims[len(claims)-1].name, old, old); err != nil {
				t.Fatal(err)
			}
		default:
			t.Fatalf("nobody lives, and a process is told %q", said)
		}
	}
	if taken < 10 || kills < 5 {
		t.Errorf("taken %d times, killed %d times: too few", taken, kills)
	}
	t.Logf("taken %d times, killed %d times", taken, kills)
}
