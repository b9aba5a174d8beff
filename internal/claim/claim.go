// Package claim gives a folder one writer, also where files cannot be locked and where those
// who want to write run on several machines.
//
// Who wants to write makes a file, the claim, whose name has the next number; of several who
// try, one succeeds, also on network file systems. It may do so when every claim that it finds
// is dead (judge.go). It then removes those, by which their holders, should they live after
// all, have lost: a holder looks for its claim before it changes anything ([Claim.Check],
// [Claim.Fence]).
package claim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ergon/internal/atomicfile"
	"ergon/internal/folderlock"
)

const (
	// BeatEvery is how often a holder gives a sign of life.
	BeatEvery = 10 * time.Second
	// DeadAfter is how long after the last one a claim counts as dead whose holder cannot be
	// asked. So several may get lost.
	DeadAfter = 60 * time.Second
)

// ErrHeld is the error of a folder that another process, or another part of this one, has
// claimed. Its text says who.
var ErrHeld = errors.New("another process is writing into this folder")

// ErrLost is the error of a holder whose claim another process has taken over.
var ErrLost = errors.New("another process has taken over")

// errAgain says that claims came and went meanwhile.
var errAgain = errors.New("the claims have changed")

// lockFile is a variable so that tests can take it away, as some file systems do.
var lockFile = folderlock.LockFile

// Claim is the right to write into a folder. Any number of goroutines may use it.
type Claim struct {
	root   *os.Root
	name   string
	holder Holder
	text   []byte   // the file's content
	file   *os.File // is locked where files can be
	lost   atomic.Pointer[error]
	ended  chan struct{}
	beats  sync.WaitGroup
}

// Take claims a folder until [Claim.Release]. The caller closes root after that. The error is
// ErrHeld if the folder is held.
func Take(root *os.Root) (*Claim, error) {
	const patience = 100 // each time that it is needed somebody else got on
	for range patience {
		c, err := try(root)
		if !errors.Is(err, errAgain) {
			return c, err
		}
		time.Sleep(time.Millisecond)
	}
	return nil, fmt.Errorf("%s: too many processes want to write into this folder at the same time; call again", root.Name())
}

// try is one attempt of Take.
func try(root *os.Root) (*Claim, error) {
	dead, err := list(root, true)
	if err != nil {
		return nil, err
	}
	me := thisProcess()
	for _, other := range dead {
		if err := other.check(root, &me); err != nil {
			return nil, err
		}
	}
	number := 1
	if len(dead) > 0 {
		number = dead[len(dead)-1].number + 1
	}
	c, err := create(root, number, me)
	if err != nil {
		return nil, err
	}
	if err := c.succeed(dead); err != nil {
		return nil, errors.Join(err, c.Release())
	}
	c.beats.Go(c.beat)
	return c, nil
}

// succeed removes the claims that were found dead, and says that this one holds. If there are others by now, which came
// and went between the two looks, the claim is not the only one and is to be given up.
func (c *Claim) succeed(dead []found) error {
	now, err := list(c.root, false)
	if err != nil {
		return err
	}
	now = slices.DeleteFunc(now, func(f found) bool { return f.name == c.name })
	for _, f := range now {
		if !slices.ContainsFunc(dead, f.same) {
			return errAgain
		}
	}
	for _, f := range now {
		if err := c.root.Remove(f.name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return atomicfile.Named(c.root, err)
		}
	}
	return c.say(holds)
}

// say makes the file say who has the claim, and in which state it is.
func (c *Claim) say(state string) error {
	c.holder.State = state
	text, err := json.MarshalIndent(c.holder, "", "  ")
	c.text = append(text, '\n')
	return errors.Join(err, c.write())
}

// write writes the text, for all who look. It is also the sign of life, since the file server
// gives the file its time.
func (c *Claim) write() error {
	if _, err := c.file.WriteAt(c.text, 0); err != nil {
		return err
	}
	// To close a file that was opened for writing sends what was written to a file server, and
	// costs nothing on a disk, where fsync would.
	f, err := c.root.OpenFile(c.name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return f.Close()
}

// create makes the claim of a number. It is whole before it has its name, where files can have
// two: a process that is killed meanwhile leaves no claim of which nobody knows whose it is.
func create(root *os.Root, number int, me Holder) (*Claim, error) {
	name, err := fileName(root, number)
	if err != nil {
		return nil, err
	}
	c, err := write(root, probe+"."+me.Nonce+atomicfile.Suffix, me)
	if errors.Is(err, fs.ErrNotExist) { // removed by who took the folder
		return nil, errAgain
	} else if err != nil {
		return nil, atomicfile.Named(root, err)
	}
	temporary := c.name
	linked := root.Link(temporary, name)
	removed := root.Remove(temporary)
	switch {
	case linked == nil && (removed == nil || errors.Is(removed, fs.ErrNotExist)): // by who looks after what killed ones leave
		c.name = name
		return c, nil
	case linked == nil:
		return nil, errors.Join(removed, c.file.Close(), root.Remove(name))
	}
	err = c.file.Close()
	if errors.Is(linked, fs.ErrExist) || errors.Is(linked, fs.ErrNotExist) {
		return nil, errors.Join(errAgain, err)
	}
	if c, err = write(root, name, me); errors.Is(err, fs.ErrExist) {
		return nil, errAgain
	}
	return c, err
}

// write makes a file that is a claim. The lock comes before the content: a claim that says that
// it is locked is.
func write(root *os.Root, name string, me Holder) (*Claim, error) {
	f, err := root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil, err
	}
	me.Locked = lockFile(f, false) == nil
	c := &Claim{root: root, name: name, holder: me, file: f, ended: make(chan struct{})}
	if err := c.say(takes); err != nil {
		return nil, errors.Join(err, f.Close(), root.Remove(name))
	}
	return c, nil
}

// Token is a text that no other claim has.
func (c *Claim) Token() string { return c.holder.Nonce }

// Check is nil as long as the claim holds, and ErrLost once another process has taken over.
// It opens the file, since what is known of names may be old on a network file system.
func (c *Claim) Check() error {
	if err := c.Lost(); err != nil {
		return err
	}
	text, err := readSome(c.root, c.name)
	switch {
	case err == nil && bytes.Equal(text, c.text):
		return nil
	case err == nil, errors.Is(err, fs.ErrNotExist):
		return c.lose()
	}
	return err
}

// Lost is Check without a look at the folder: what the last look, or sign of life, has found.
func (c *Claim) Lost() error {
	if err := c.lost.Load(); err != nil {
		return *err
	}
	return nil
}

// lose notes that the claim is lost, and to whom.
func (c *Claim) lose() error {
	by := "its claim is gone, and nobody else's is there"
	if others, err := list(c.root, false); err == nil && len(others) > 0 {
		by = "it belongs to " + others[len(others)-1].String()
	}
	err := fmt.Errorf("%s: %w: %s; this one ends, and has written nothing since", c.root.Name(), ErrLost, by)
	c.lost.CompareAndSwap(nil, &err)
	return c.Lost()
}

// beat gives signs of life, by writing what is there already. One that fails is followed by the
// next.
func (c *Claim) beat() {
	t := time.NewTicker(BeatEvery)
	defer t.Stop()
	for {
		select {
		case <-c.ended:
			return
		case <-t.C:
		}
		if c.Check() == nil {
			_ = c.write()
		}
	}
}

// Release gives the claim up. What was written under it must be on disk.
func (c *Claim) Release() error {
	close(c.ended)
	c.beats.Wait()
	err := c.Check()
	if err == nil {
		err = atomicfile.Named(c.root, c.root.Remove(c.name))
	} else if errors.Is(err, ErrLost) {
		err = nil // its user has been told where it mattered
	}
	return errors.Join(err, c.file.Close())
}
