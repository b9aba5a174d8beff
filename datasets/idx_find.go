package datasets

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"ergon/internal/schema"
)

// idxSet is a set of idx files in a folder.
type idxSet struct {
	folder
	prefix string
	files  *idxFiles
}

// findIDX returns the folder and the names of the four files of a set, in the order of
// idxNames. They lie in the folder dir or, if it has no idx files, in a folder raw below
// it or below one of its folders, where torchvision puts them. prefix is what the names
// of the set begin with; if it is empty, names without one go first, and else there must
// be one set only.
func findIDX(dir folder, prefix string) (folder, []string, error) {
	all, err := dir.listIDX()
	if len(all) == 0 {
		raw, _ := fs.Glob(dir, "raw") // errs for a bad pattern only
		below, _ := fs.Glob(dir, "*/raw")
		for _, sub := range append(raw, below...) {
			sets, _ := dir.sub(sub).listIDX() // no folder, no set
			all = append(all, sets...)
		}
	}
	if len(all) == 0 && err != nil && !errors.Is(err, fs.ErrNotExist) {
		if p, ok := errors.AsType[*fs.PathError](err); ok {
			err = p.Err // its path is relative to the folder
		}
		return dir, nil, fmt.Errorf("%s: %w", dir.name, err)
	}
	set, err := chooseIDX(dir, all, strings.ToLower(strings.TrimRight(prefix, "-_. ")))
	if err != nil {
		return dir, nil, err
	}
	names := make([]string, len(idxNames))
	for role := range names {
		name, problem := set.files.name(set.folder, role)
		names[role], err = name, cmp.Or(err, problem)
	}
	return set.folder, names, err
}

// listIDX lists the sets of the folder, by prefix.
func (f folder) listIDX() (all []idxSet, err error) {
	sets, err := f.idxSets()
	for _, prefix := range slices.Sorted(maps.Keys(sets)) {
		all = append(all, idxSet{f, prefix, sets[prefix]})
	}
	return all, err
}

// chooseIDX returns the set that is meant.
func chooseIDX(dir folder, all []idxSet, prefix string) (idxSet, error) {
	with := func(prefix string) []idxSet {
		return slices.DeleteFunc(slices.Clone(all), func(s idxSet) bool { return s.prefix != prefix })
	}
	chosen := with(prefix)
	if len(chosen) == 0 && prefix == "" {
		chosen = all
	}
	switch {
	case len(chosen) == 1:
		return chosen[0], nil
	case len(all) == 0:
		return idxSet{}, dir.missing(idxNames[0])
	case len(chosen) == 0:
		return idxSet{}, schema.Fieldf("prefix", "no idx files of %s begin with %q; there are %s", dir.name, prefix, describeSets(dir, all))
	}
	key := "prefix"
	if slices.ContainsFunc(chosen, func(s idxSet) bool { return s.name != chosen[0].name }) {
		key = "dir"
	}
	return idxSet{}, schema.Fieldf(key, "%s has several sets: %s; choose one of them", dir.name, describeSets(dir, chosen))
}

// describeSets lists sets by folder and prefix.
func describeSets(dir folder, sets []idxSet) string {
	names := make([]string, len(sets))
	for i, s := range sets {
		switch {
		case s.name == dir.name && s.prefix == "":
			names[i] = "files without a prefix"
		case s.name == dir.name:
			names[i] = s.prefix
		case s.prefix == "":
			names[i] = s.name
		default:
			names[i] = fmt.Sprintf("%s in %s", s.prefix, s.name)
		}
	}
	return someOf(names)
}
