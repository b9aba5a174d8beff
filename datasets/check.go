package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"ergon/internal/schema"
)

// FileReport is the outcome of checking one file.
type FileReport struct {
	File    string `json:"file"`              // the role that it has: its usual name, without .gz
	Path    string `json:"path,omitempty"`    // "" if it is not there
	Problem string `json:"problem,omitempty"` // "" if the file is good
	What    string `json:"what,omitempty"`    // what a file of one's own holds, such as 520 images of 8×8
	Bytes   int64  `json:"bytes,omitempty"`   // of a good file's content, decompressed; as published where that is what is known
	SHA256  string `json:"sha256,omitempty"`  // of these bytes
}

// Check verifies the files of the set called name in the folder dir, or, if dir
// is empty, where Load would find them. Files of a published set must be the
// published ones to the byte of their decompressed content; those of a set of
// one's own ("idx"), which may have a prefix, must be readable and belong together. It
// errs if there is nothing to check: an unknown name, a synthetic set, files that are
// nowhere, a prefix of a set that has none.
func Check(name, dir, prefix string) ([]FileReport, error) {
	spec, ok := Kinds.New(name)
	if !ok {
		return nil, unknownSet(name)
	}
	if own, ok := spec.(checker); ok {
		return own.check(dir, prefix)
	}
	if prefix != "" {
		return nil, fmt.Errorf("%s has files of known names: a prefix is for data of kind idx", name)
	}
	if p := catalogue[name]; p != nil {
		return p.check(dir)
	}
	return nil, fmt.Errorf("%s is generated: there are no files to check", name)
}

// Open loads the set called name from the folder dir, or, if that is empty, from its usual
// place. A prefix is for a set of one's own.
func Open(name, dir, prefix string) (*Data, error) {
	settings := map[string]any{"name": name}
	for key, value := range map[string]string{"dir": dir, "prefix": prefix} {
		if value != "" {
			settings[key] = value
		}
	}
	var s struct {
		Data Spec `key:"data"`
	}
	if err := schema.Decode(map[string]any{"data": settings}, &s, nil); err != nil {
		return nil, err
	}
	return s.Data.Load(0)
}

// checker is a Spec of a user's own files, which can be checked. Published sets need
// none: the catalogue says what their files contain.
type checker interface {
	check(dir, prefix string) ([]FileReport, error)
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
	switch found, err := p.locate(dir); {
	case err == nil:
		f = found
	case dir == "":
		return nil, err
	}
	reports := make([]FileReport, len(p.files))
	for i, file := range p.files {
		path, err := file.verifyIn(f, p.compressed)
		reports[i] = report(strings.TrimSuffix(file.name, ".gz"), path, err)
		if err == nil {
			reports[i].Bytes, reports[i].SHA256 = file.size, file.sha256
		}
	}
	return reports, nil
}

// check implements checker: it reads each file on its own and, if all are good, together.
func (s IDXFolder) check(dir, prefix string) ([]FileReport, error) {
	if dir == "" {
		return nil, errors.New("idx: which folder? give the one with the idx files")
	}
	f, names, err := findIDX(openFolder(dir), prefix)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	reports, good := make([]FileReport, len(idxNames)), true
	for role, usual := range idxNames {
		if names == nil || names[role] == "" {
			reports[role] = report(usual, "", f.missing(usual))
		} else {
			reports[role] = f.checkIDX(role, names[role])
		}
		good = good && reports[role].Problem == ""
	}
	if good {
		_, err := idxReader{folder: f, names: names}.read()
		for i := range reports {
			if bad, ok := errors.AsType[*FormatError](err); ok && bad.File == reports[i].Path {
				reports[i].Problem = err.Error()
			}
		}
	}
	return reports, nil
}

// checkIDX reads one file of a set.
func (f folder) checkIDX(role int, name string) FileReport {
	what := ""
	content, err := f.readFile(name, true, func(in *source) error {
		if role%2 == 0 {
			x, err := readImages(in)
			if err == nil {
				what = fmt.Sprintf("%d images of %s", x.Dims[0], shapeText(x.Dims[1:]))
			}
			return err
		}
		l, err := readLabels(in)
		if err == nil {
			what = fmt.Sprintf("%d labels, %d to %d", len(l.values), slices.Min(l.values), slices.Max(l.values))
		}
		return err
	})
	r := report(idxNames[role], f.path(name), err)
	if err == nil {
		r.What, r.Bytes, r.SHA256 = what, content.Bytes, content.SHA256
	}
	return r
}

func report(file, path string, err error) FileReport {
	r := FileReport{File: file, Path: path}
	if err != nil {
		r.Problem = err.Error()
	}
	return r
}
