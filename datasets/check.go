package datasets

import (
	"errors"
	"fmt"
	"strings"
)

// FileReport is the outcome of checking one file.
type FileReport struct {
	File    string `json:"file"`              // name without .gz
	Path    string `json:"path,omitempty"`    // "" if it is not there
	Problem string `json:"problem,omitempty"` // "" if the file is good
}

// Check verifies the files of the set called name in the folder dir, or, if dir
// is empty, where Load would find them. Files of a published set must be the
// published ones to the byte of their decompressed content; those of a set of
// one's own ("idx") must be readable and belong together. It errs if there is
// nothing to check: an unknown name, a synthetic set, files that are nowhere.
func Check(name, dir string) ([]FileReport, error) {
	if p := catalogue[name]; p != nil {
		return p.check(dir)
	}
	spec, ok := Kinds.New(name)
	if !ok {
		return nil, unknownSet(name)
	}
	own, ok := spec.(checker)
	if !ok {
		return nil, fmt.Errorf("%s is generated: there are no files to check", name)
	}
	return own.check(dir)
}

// checker is a Spec of a user's own files, which can be checked. Published sets need
// none: the catalogue says what their files contain.
type checker interface {
	check(dir string) ([]FileReport, error)
}

func unknownSet(name string) error {
	var names []string
	for _, kind := range Kinds.Kinds() {
		names = append(names, kind.Name)
	}
	return fmt.Errorf("unknown data set %q (data sets: %s)", name, strings.Join(names, ", "))
}

func (p *published) check(dir string) ([]FileReport, error) {
	f := openFolder(dir)
	if dir == "" || p.archive != nil {
		found, err := p.locate(dir)
		switch {
		case err == nil:
			f = found
		case dir == "":
			return nil, err
		}
	}
	reports := make([]FileReport, len(p.files))
	for i, file := range p.files {
		path, err := file.verifyIn(f, p.compressed)
		reports[i] = report(file.name, path, err)
	}
	return reports, nil
}

// checkIDX reads each file on its own and, if all are good, together.
func checkIDX(f folder) []FileReport {
	reports, names := make([]FileReport, len(idxNames)), make([]string, len(idxNames))
	good := true
	for i, base := range idxNames {
		name, err := f.find(base, true)
		path := ""
		if err == nil {
			names[i], path = name, f.path(name)
			_, err = readIDXFile(f, name, idxRank(i))
		}
		reports[i] = report(base, path, err)
		good = good && err == nil
	}
	if good {
		if _, err := readIDXFiles(f, names, 0); err != nil {
			for i := range reports {
				if bad, ok := errors.AsType[*FormatError](err); ok && bad.File == reports[i].Path {
					reports[i].Problem = err.Error()
				}
			}
		}
	}
	return reports
}

func report(file, path string, err error) FileReport {
	r := FileReport{File: file, Path: path}
	if err != nil {
		r.Problem = err.Error()
	}
	return r
}
