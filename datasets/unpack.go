package datasets

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"ergon/internal/atomicfile"
)

// unpack extracts the given files, and nothing else, from the archive in a folder
// into that folder. Members count by their full name in the archive, and files are
// written under the names of the catalogue, so no archive can write elsewhere.
// No file is installed before all have been verified.
func (a *archive) unpack(into *os.Root, files []file) (err error) {
	path := filepath.Join(into.Name(), a.name)
	in, err := into.Open(a.name)
	if err != nil {
		return err
	}
	defer in.Close()
	gz, err := gzip.NewReader(newBuffer(in))
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	wanted, limit := map[string]file{}, int64(1<<20) // for headers and the odd text file
	for _, f := range files {
		wanted[a.folder+"/"+f.name] = f
		limit += f.size
	}
	fsys := atomicfile.In(into)
	defer func() {
		if err != nil {
			for _, f := range files {
				err = errors.Join(err, removeIfThere(fsys, f.name+atomicfile.Suffix))
			}
		}
	}()
	members := tar.NewReader(io.LimitReader(gz, limit))
	for len(wanted) > 0 {
		h, err := members.Next()
		if err == io.EOF {
			return fmt.Errorf("%s: %d of the %d expected files are missing", path, len(wanted), len(files))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		f, ok := wanted[h.Name]
		if !ok {
			continue
		}
		if h.Typeflag != tar.TypeReg || h.Size != f.size {
			return fmt.Errorf("%s: %s is no plain file of %d bytes", path, h.Name, f.size)
		}
		if err := extract(members, fsys, f); err != nil {
			return err
		}
		delete(wanted, h.Name)
	}
	for _, f := range files {
		if err := atomicfile.Install(fsys, f.name); err != nil {
			return err
		}
	}
	return nil
}

// extract writes the member that r stands at to the partial file of f and verifies it.
func extract(r io.Reader, fsys atomicfile.FS, f file) (err error) {
	out, err := fsys.Create(f.name + atomicfile.Suffix)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return f.verify(io.TeeReader(r, out), f.name, false)
}

func removeIfThere(fsys atomicfile.FS, name string) error {
	if err := fsys.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
