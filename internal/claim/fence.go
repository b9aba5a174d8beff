package claim

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"ergon/internal/atomicfile"
)

// Fence returns the files of a folder for the holder of the claim: nothing is changed once it
// is lost.
//
// A look at the claim and the call after it are two, and another process can take over
// between them. So a file that is not whole yet has the claim's token in its name, and who
// takes over removes such files of others ([Unfinished]) before it reads any: a rename that comes
// too late finds nothing to rename.
func (c *Claim) Fence(fsys atomicfile.FS) atomicfile.FS { return fenced{fsys, c} }

type fenced struct {
	atomicfile.FS
	claim *Claim
}

func (f fenced) Open(name string) (fs.File, error) { return f.FS.Open(f.own(name)) }

func (f fenced) Create(name string) (atomicfile.File, error) {
	if err := f.claim.Check(); err != nil {
		return nil, err
	}
	return f.FS.Create(f.own(name))
}

func (f fenced) Rename(from, to string) error {
	if err := f.claim.Check(); err != nil {
		return err
	}
	err := f.FS.Rename(f.own(from), to)
	if err != nil {
		if lost := f.claim.Check(); lost != nil {
			return lost
		}
	}
	return err
}

// Remove removes also after the claim is lost what the holder alone has: its unfinished files.
func (f fenced) Remove(name string) error {
	own := f.own(name)
	if own == name {
		if err := f.claim.Check(); err != nil {
			return err
		}
	}
	err := f.FS.Remove(own)
	if own != name && errors.Is(err, fs.ErrNotExist) {
		return nil // who has taken over was faster
	}
	return err
}

// own puts the token into the name of a file that is not whole.
func (f fenced) own(name string) string {
	if whole, part := strings.CutSuffix(name, atomicfile.Suffix); part {
		return whole + "." + f.claim.Token() + atomicfile.Suffix
	}
	return name
}

// Unfinished returns of which file one of that name is the unfinished content, of any claim or
// of none; "" if it is none.
func Unfinished(name string) string {
	whole, part := strings.CutSuffix(name, atomicfile.Suffix)
	if !part {
		return ""
	}
	token := path.Ext(whole)
	if len(token) == 1+tokenLength && strings.Trim(token[1:], "0123456789abcdef") == "" {
		return strings.TrimSuffix(whole, token)
	}
	return whole
}
