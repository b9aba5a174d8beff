package claim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"ergon/internal/atomicfile"
)

// mostNumber is the last number that a claim can have.
const mostNumber = 999_999_999

// fileName is the name of the claim of a number.
func fileName(root *os.Root, number int) (string, error) {
	if number > mostNumber {
		return "", fmt.Errorf("%s is the last claim that a folder can have, and its holder is dead: remove that file", filepath.Join(root.Name(), nameOf(mostNumber)))
	}
	return nameOf(number), nil
}

func nameOf(number int) string { return fmt.Sprintf("claim-%06d.json", number) }

// Is says whether a file of that name is a claim, or one that was made to take one.
func Is(name string) bool { return isClaim(name) || IsProbe(name) }

// IsProbe says whether a file of that name was made to take a claim. A process that is killed
// leaves it; another's may be removed at any time.
func IsProbe(name string) bool { return Unfinished(name) == probe }

func isClaim(name string) bool {
	var number int
	_, err := fmt.Sscanf(name, "claim-%d.json", &number)
	return err == nil && number > 0 && number <= mostNumber && name == nameOf(number)
}

// found is a claim that lies in a folder.
type found struct {
	folder string
	name   string
	number int
	info   fs.FileInfo
	holder *Holder // nil: half-written, or garbage
}

// same says whether two looks have found the same claim.
func (f found) same(g found) bool {
	return f.name == g.name && os.SameFile(f.info, g.info) && (f.holder == nil) == (g.holder == nil) &&
		(f.holder == nil || f.holder.Nonce == g.holder.Nonce)
}

// list returns the claims in a folder, the highest number last. With patience, one that is just
// being made gets a moment to be complete, and to hold or to give way.
func list(root *os.Root, patience bool) ([]found, error) {
	folder, err := root.Open(".")
	if err != nil {
		return nil, atomicfile.Named(root, err)
	}
	entries, err := folder.ReadDir(-1)
	if err = errors.Join(err, folder.Close()); err != nil {
		return nil, err
	}
	var all []found
	for _, e := range entries {
		if !isClaim(e.Name()) {
			continue
		}
		if !e.Type().IsRegular() {
			return nil, fmt.Errorf("%s is no plain file, and where claims are: remove it", filepath.Join(root.Name(), e.Name()))
		}
		f, err := look(root, e.Name(), patience)
		if errors.Is(err, fs.ErrNotExist) {
			continue // released meanwhile
		} else if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b found) int { return cmp.Compare(a.number, b.number) })
	return all, nil
}

// look reads a claim.
func look(root *os.Root, name string, patience bool) (found, error) {
	const tries, pause = 50, 10 * time.Millisecond
	f := found{folder: root.Name(), name: name}
	if _, err := fmt.Sscanf(name, "claim-%d.json", &f.number); err != nil {
		return f, err
	}
	for i := 0; ; i++ {
		text, info, err := read(root, name)
		if err != nil {
			return f, err
		}
		f.info = info
		h := new(Holder)
		if json.Unmarshal(text, h) == nil && h.Nonce != "" {
			f.holder = h
			if h.State != takes {
				return f, nil
			}
		}
		if !patience || i == tries || time.Since(info.ModTime()).Abs() > DeadAfter {
			return f, nil
		}
		time.Sleep(pause)
	}
}

// read returns a claim's content, and its time as the file server has it: a file that is
// opened is asked for, where an old answer may be given for a name.
func read(root *os.Root, name string) ([]byte, fs.FileInfo, error) {
	f, err := root.Open(name)
	if err != nil {
		return nil, nil, atomicfile.Named(root, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, mostText))
	return text, info, err
}

// mostText is how much of a claim is read.
const mostText = 1 << 16

func readSome(root *os.Root, name string) ([]byte, error) {
	text, _, err := read(root, name)
	return text, err
}
