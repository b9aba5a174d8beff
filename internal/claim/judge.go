package claim

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"ergon/internal/atomicfile"
)

// check is nil if a claim is dead for the process me, and ErrHeld otherwise. It is dead if the
// holder is; if the scheduler has given the holder up and begun me instead, also while it
// lives; or if there was no sign of life for some time.
func (f *found) check(root *os.Root, me *Holder) error {
	h := f.holder
	if h != nil && (me.Slurm.replaces(h.Slurm) || h.diedHere(root, f.name, me)) {
		return nil
	}
	silent, err := f.silence(root)
	if err != nil || silent >= DeadAfter {
		return err
	}
	if now, err := look(root, f.name, false); errors.Is(err, fs.ErrNotExist) || err == nil && !now.same(*f) {
		return errAgain // released, or taken over, while it was judged
	} else if err != nil {
		return err
	}
	return fmt.Errorf("%s: %w: %s; its last sign of life was %s ago: wait for it, or, if it does not run any more, call again after %s, when it counts as dead",
		root.Name(), ErrHeld, f, silent.Round(time.Second), time.Now().Add(DeadAfter-silent).Format(time.TimeOnly))
}

// diedHere says whether the holder ran on this machine, since it was started, and does not
// run any more.
func (h *Holder) diedHere(root *os.Root, name string, me *Holder) bool {
	if h.Boot == "" || h.Boot != me.Boot {
		return false
	}
	if h.Namespace != "" && h.Namespace == me.Namespace {
		if runs(h.PID, h.Begun) {
			return false // also if its lock got lost
		} else if !h.Locked {
			return true
		}
	}
	return h.Locked && unlocked(root, name)
}

// unlocked says whether nobody has a lock on a claim. The look is shared, so that others who
// look do not take it for the holder's.
func unlocked(root *os.Root, name string) bool {
	f, err := root.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	return lockFile(f, true) == nil
}

// silence is how long ago the last sign of life was, by the clock that gave it its time: the
// file server's. One in the future, after that clock was set back, is made one of now, so that
// it gets old.
func (f *found) silence(root *os.Root) (time.Duration, error) {
	now, err := serverTime(root)
	if err != nil {
		return 0, err
	}
	last := f.info.ModTime()
	if last.After(now) {
		if last.Sub(now) > BeatEvery {
			err = root.Chtimes(f.name, now, now)
		}
		last = now
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = errAgain
	}
	return now.Sub(last), err
}

// probe is the name of the file that is written to ask for the time, but for what makes it one's own.
const probe = "claim"

// serverTime asks the file system for the time, by a file that is written now.
func serverTime(root *os.Root) (now time.Time, err error) {
	name := probe + "." + nonce() + atomicfile.Suffix
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return now, fmt.Errorf("whether %s is held cannot be found out: %w", filepath.Clean(root.Name()), atomicfile.Named(root, err))
	}
	info, err := f.Stat()
	if err == nil {
		now = info.ModTime()
	}
	err = errors.Join(err, f.Close())
	if removed := root.Remove(name); !errors.Is(removed, fs.ErrNotExist) { // as after a killed process's
		err = errors.Join(err, removed)
	}
	return now, err
}
