package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// NotFoundError says that files are nowhere. It is an fs.ErrNotExist.
type NotFoundError struct {
	What   string
	Looked []string // folders, with what was amiss there
	Hint   string   // "" when there is no advice to give
}

// Error lists the folders that were looked in.
func (e *NotFoundError) Error() string {
	text := fmt.Sprintf("%s not found; looked in %s", e.What, strings.Join(e.Looked, ", "))
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	return text
}

// Is reports whether target is fs.ErrNotExist.
func (e *NotFoundError) Is(target error) bool { return target == fs.ErrNotExist }

// locate returns the folder with all files of the set: dir, or, if that is
// empty, the first of the program itself and the usual places that has them.
func (p *published) locate(dir string) (folder, error) {
	if dir == "" && p.builtin != nil {
		return folder{"embedded " + p.name, p.builtin, true}, nil
	}
	places := []string{dir}
	if dir == "" {
		places = p.usualPlaces()
	}
	missing := &NotFoundError{What: "files of " + p.name, Hint: p.advice()}
	for _, place := range places {
		f := openFolder(place)
		absent := p.absent(f)
		if absent == nil {
			return f, nil
		}
		for _, below := range p.below() {
			if sub := f.sub(below); p.absent(sub) == nil {
				return sub, nil
			}
		}
		missing.Looked = append(missing.Looked, fmt.Sprintf("%s (%v)", place, absent))
	}
	return folder{}, missing
}

// absent returns why the folder does not have all files of the set, or nil.
func (p *published) absent(f folder) error {
	if _, err := fs.Stat(f, "."); err != nil {
		return fmt.Errorf("no such folder")
	}
	for _, file := range p.files {
		switch _, err := f.find(file.name, p.compressed); {
		case errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("no %s", file.name)
		case err != nil:
			return err
		}
	}
	return nil
}

// below returns the folders that unpacking an archive by hand, or torchvision, makes.
func (p *published) below() (folders []string) {
	if p.archive != nil {
		folders = append(folders, p.archive.folder)
	}
	if p.torchvision != "" {
		folders = append(folders, "raw", filepath.Join(p.torchvision, "raw"))
	}
	return folders
}

// usualPlaces returns where the set may lie, best first.
func (p *published) usualPlaces() []string {
	var places []string
	if dir, err := CacheDir(p.name); err == nil {
		places = append(places, dir)
	}
	return append(places, p.places...)
}

func (p *published) advice() string {
	advice := "run: ergon data fetch " + p.name
	if p.hint != "" {
		advice += ", or " + p.hint
	}
	return advice
}

// sub returns the folder called name within f.
func (f folder) sub(name string) folder {
	return openFolder(filepath.Join(f.name, name))
}
