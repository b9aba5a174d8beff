package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// What lies below a folder that a user has named: links in it, which somebody else may have
// laid, lead nothing out of it. Names are below the folder, with its separators or slashes.

// WriteIn is WriteWith for a file below a folder, and makes the folders between.
func WriteIn(folder, name string, fill func(w io.Writer) error) error {
	return below(folder, name, func(root *os.Root, name string) error {
		if err := (rooted{root}).named(root.MkdirAll(path.Dir(name), 0o755)); err != nil {
			return err
		}
		return WriteTo(In(root), name, fill)
	})
}

// RemoveIn removes a file below a folder, if it is there.
func RemoveIn(folder, name string) error {
	return below(folder, name, func(root *os.Root, name string) error {
		if err := In(root).Remove(name); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}

// MakeIn makes a folder below a folder.
func MakeIn(folder, name string) error {
	return below(folder, name, func(root *os.Root, name string) error {
		return rooted{root}.named(root.MkdirAll(name, 0o755))
	})
}

// Within is an error if a link on the way to a name below a folder, or there, leads out of
// the folder. What is not there leads nowhere.
func Within(folder, name string) error {
	return below(folder, name, func(root *os.Root, name string) error { return leadsOut(root, name) })
}

// below opens a folder for use with a name below it, to whose folder no link leads from outside.
func below(folder, name string, use func(root *os.Root, name string) error) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return err
	}
	name = filepath.ToSlash(name)
	if err = leadsOut(root, path.Dir(name)); err == nil {
		err = use(root, name)
	}
	return errors.Join(err, root.Close())
}

// leadsOut is the error of Within: that of a root says only that something on the path escapes.
func leadsOut(root *os.Root, name string) error {
	at := ""
	for step := range strings.SplitSeq(name, "/") {
		at = path.Join(at, step)
		info, err := root.Lstat(at)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		} else if err != nil {
			return rooted{root}.named(err)
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		if _, err := root.Stat(at); err != nil {
			return fmt.Errorf("%s is a link that leads out of %s, where nothing is written: remove it", filepath.Join(root.Name(), at), root.Name())
		}
	}
	return nil
}
