package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"ergon/internal/schema"
)

// The files of an idx set, in this order everywhere; each may end in .gz.
var idxNames = []string{
	"train-images-idx3-ubyte",
	"train-labels-idx1-ubyte",
	"t10k-images-idx3-ubyte",
	"t10k-labels-idx1-ubyte",
}

// idxPattern are the names that unpackers, mirrors and the descendants of MNIST give
// these files: dots or underscores for dashes, capitals, test for t10k, the name of a set
// before, another rank or element type behind.
var idxPattern = regexp.MustCompile(`(?i)^(?:(.+)[-_. ])?(train|t10k|test)[-_. ](image|label)s?[-_. ]idx[0-9]?(?:[-_. ](?:u?byte|short|int))?(\.gz)?$`)

// idxName is what a file's name says.
type idxName struct {
	file   string
	prefix string // of the set, in lower case: emnist-letters; usually ""
	role   int    // index of idxNames
	packed bool   // ends in .gz
}

// parseIDXName reads a file's name; ok is false for one that is no idx file's.
func parseIDXName(file string) (n idxName, ok bool) {
	m := idxPattern.FindStringSubmatch(file)
	if m == nil {
		return n, false
	}
	n = idxName{file: file, prefix: strings.ToLower(m[1]), packed: m[4] != ""}
	if !strings.EqualFold(m[2], "train") {
		n.role = 2
	}
	if strings.EqualFold(m[3], "label") {
		n.role++
	}
	return n, true
}

// idxFiles are the files of one set by role; a role may have none, or several.
type idxFiles [4][]idxName

// idxSets lists the sets in a folder by their prefix.
func (f folder) idxSets() (map[string]*idxFiles, error) {
	entries, err := fs.ReadDir(f, ".")
	if err != nil {
		return nil, err
	}
	sets := map[string]*idxFiles{}
	for _, e := range entries {
		n, ok := parseIDXName(e.Name())
		if !ok || !f.mayBeFile(e.Name()) {
			continue
		}
		if sets[n.prefix] == nil {
			sets[n.prefix] = new(idxFiles)
		}
		sets[n.prefix].add(n)
	}
	return sets, nil
}

// mayBeFile says whether a name is that of a file; of one that must not be read, reading
// will say so. A link is followed.
func (f folder) mayBeFile(name string) bool {
	info, err := fs.Stat(f, name)
	if err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	return info.Mode().IsRegular()
}

// add enters a file. Of a plain file and the same compressed, the plain one counts.
func (s *idxFiles) add(n idxName) {
	plain := func(n idxName) string { return strings.TrimSuffix(strings.ToLower(n.file), ".gz") }
	for i, other := range s[n.role] {
		if plain(other) == plain(n) {
			if other.packed {
				s[n.role][i] = n
			}
			return
		}
	}
	s[n.role] = append(s[n.role], n)
}

// name returns the file of a role.
func (s *idxFiles) name(f folder, role int) (string, error) {
	switch names := s[role]; {
	case len(names) == 1:
		return names[0].file, nil
	case len(names) > 1:
		return "", fmt.Errorf("%s: which is it: %s; keep one of them in the folder", f.name, strings.Join(fileNames(names), ", "))
	}
	return "", f.missing(idxNames[role])
}

// findRole returns the file that has the role of n in the set of its prefix.
func (f folder) findRole(n idxName) (string, error) {
	sets, err := f.idxSets()
	if err != nil || sets[n.prefix] == nil {
		return "", f.missing(n.file)
	}
	return sets[n.prefix].name(f, n.role)
}

func fileNames(names []idxName) []string {
	all := make([]string, len(names))
	for i, n := range names {
		all[i] = n.file
	}
	return all
}

// missing says that no file of the folder is the one called name, and what lies there.
func (f folder) missing(name string) error {
	hint := ""
	var near, rest []string
	entries, err := fs.ReadDir(f, ".")
	if errors.Is(err, fs.ErrNotExist) {
		hint = "there is no such folder"
	}
	for _, e := range entries {
		if low := strings.ToLower(e.Name()); strings.Contains(low, "idx") || strings.Contains(low, "ubyte") {
			near = append(near, e.Name())
		} else {
			rest = append(rest, e.Name())
		}
	}
	switch {
	case len(near) > 0:
		hint = "idx files there: " + someOf(near)
		if mean := schema.DidYouMean(name, near); mean != "" {
			hint += "; " + mean
		}
	case len(rest) > 0:
		hint = "there are " + someOf(rest)
	}
	return &NotFoundError{What: name + " or " + name + ".gz", Looked: []string{f.name}, Hint: hint}
}

// someOf lists names, but not more than a reader wants.
func someOf(names []string) string {
	const most = 12
	if n := len(names); n > most {
		names = append(slices.Clone(names[:most]), fmt.Sprintf("… (%d in all)", n))
	}
	return strings.Join(names, ", ")
}
