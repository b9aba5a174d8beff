package datasets

import (
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
		return folder{"embedded " + p.name, p.builtin}, nil
	}
	places := []string{dir}
	if dir == "" {
		places = p.usualPlaces()
	}
	missing := &NotFoundError{What: "files of " + p.name, Hint: p.advice()}
	for _, place := range places {
		f := openFolder(place)
		absent := p.absent(f)
		if absent != nil && p.archive != nil { // unpacked by hand?
			if sub := f.sub(p.archive.folder); p.absent(sub) == nil {
				return sub, nil
			}
		}
		if absent == nil {
			return f, nil
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
		if _, err := f.find(file.name, p.compressed); err != nil {
			return fmt.Errorf("no %s", file.name)
		}
	}
	return nil
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
