package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"ergon/internal/atomicfile"
	"ergon/internal/bounded"
)

// The files of a benchmark's folder, besides its cells and figures.
const (
	jsonFile       = "bench.json" // written first: it marks the folder as a benchmark's
	csvFile        = "bench.csv"
	markdownFile   = "bench.md"
	frontierFile   = "frontier.csv"
	tuneFile       = "tune.json" // of a search; it marks the folder, too
	freeEnergyFile = "free-energy.csv"
	likelihoodFile = "likelihood.csv"
	cellsFolder    = "cells"
	figureFolder   = "figures"

	// SweepFile lists the cells of a benchmark that others run (package launch), and
	// LaunchFolder has what was submitted.
	SweepFile    = "sweep.json"
	LaunchFolder = "launch"
)

// Claim checks that results of what is asked may be written into a folder, which exists and
// is held: it is empty, or holds results of the same. With force, results of another
// benchmark are removed, and those files only; what is no benchmark's is left alone in any
// case.
func (a *Asked) Claim(out string, cells []Cell, force bool) error {
	if err := a.claim(out, cells, force); err != nil {
		return err
	}
	return makeCells(out, cells)
}

// claim is Claim without making room for cells.
func (a *Asked) claim(out string, cells []Cell, force bool) error {
	found, err := readResults(out)
	if err != nil {
		return err
	}
	if found == nil {
		return refuseForeign(out)
	}
	keys := found.differences(a, cells)
	switch {
	case len(keys) == 0:
		return nil
	case force:
		return removeResults(out)
	}
	return fmt.Errorf("%s holds the results of another benchmark, which differs in %s; choose another folder with --out, or replace them with --force",
		out, strings.Join(keys, ", "))
}

// results are what a folder's bench.json, or else its tune.json or sweep.json, says of the
// benchmark that it is of.
type results struct {
	Name      string
	Label     string // of a search's rule
	Goals     []float64
	Cells     []cellThere
	Rows      isList
	Rungs     isList
	Benchmark *Asked // nil: of a version that did not write it
}

// cellThere is what results say of a cell.
type cellThere struct {
	Label string
	Seed  uint64
	Hash  string
}

// isList notes that a list is there, whatever is in it.
type isList bool

// UnmarshalJSON implements json.Unmarshaler.
func (p *isList) UnmarshalJSON(text []byte) error {
	*p = text[0] == '['
	return nil
}

// maxResults is the size in bytes above which a file has no benchmark's results.
const maxResults = 64 << 20

// readResults returns nil where there are none.
func readResults(out string) (*results, error) {
	for _, name := range []string{jsonFile, tuneFile, SweepFile} {
		path := filepath.Join(out, name)
		text, err := bounded.FileIn(out, name, maxResults)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		r := new(results)
		if err := bounded.JSON(text, r); err != nil || !r.Rows && !r.Rungs && (name != SweepFile || r.Benchmark == nil) {
			return nil, fmt.Errorf("%s is not written by `ergon bench` and is left alone; choose another folder with --out", path)
		}
		return r, nil
	}
	return nil, nil
}

// differences lists the keys in which results differ from what is asked now.
func (r *results) differences(now *Asked, cells []Cell) (keys []string) {
	if r.Benchmark != nil {
		return r.Benchmark.differences(now)
	}
	// Earlier versions wrote of the benchmark no more than this.
	if bool(r.Rows) && r.Name != now.Name {
		keys = append(keys, fmt.Sprintf("name (%s there, %s here)", r.Name, now.Name))
	}
	switch label := now.Tune["label"]; {
	case bool(r.Rungs) && r.Label != label:
		keys = append(keys, "tune")
	case !bool(r.Rungs) && now.Tune != nil && !slices.ContainsFunc(r.Cells, func(c cellThere) bool { return c.Label == label }):
		keys = append(keys, "tune")
	case now.Tune == nil:
		if fmt.Sprint(r.Goals) != fmt.Sprint(now.Goals) {
			keys = append(keys, fmt.Sprintf("goals (%v there, %v here)", r.Goals, now.Goals))
		}
		keys = append(keys, r.changedRules(cells)...)
	}
	return keys
}

// changedRules lists the rules of results whose runs are not those of the cells.
func (r *results) changedRules(cells []Cell) (keys []string) {
	for _, there := range r.Cells {
		known, same := false, true
		for _, c := range cells {
			if c.Label == there.Label {
				known = true
				same = same && (c.Seed != there.Seed || c.Hash == there.Hash || c.former == there.Hash)
			}
		}
		key := ""
		switch {
		case !known:
			key = fmt.Sprintf("rules (%q there is not here)", there.Label)
		case !same:
			key = fmt.Sprintf("the settings of %q", there.Label)
		}
		if key != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys
}

// cellName is what the folder of a cell is called.
var cellName = regexp.MustCompile("^[0-9a-f]{10}$")

// refuseForeign refuses a folder without results that holds anything but what a
// benchmark leaves that is killed before it has written any.
func refuseForeign(out string) error {
	entries, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	for _, e := range entries {
		switch name := e.Name(); {
		case name == cellsFolder && e.IsDir():
			if cells, err := os.ReadDir(filepath.Join(out, name)); err != nil {
				return err
			} else if i := slices.IndexFunc(cells, func(e fs.DirEntry) bool { return !e.IsDir() || !cellName.MatchString(e.Name()) }); i >= 0 {
				return foreign(out, filepath.Join(name, cells[i].Name()))
			}
		case name == LaunchFolder && e.IsDir():
		case name != jsonFile+".part" && name != tuneFile+".part" && name != SweepFile+".part":
			return foreign(out, name)
		}
	}
	return nil
}

func foreign(out, name string) error {
	return fmt.Errorf("%s is not a benchmark's folder (it holds %s, and no %s); choose another one with --out", out, name, jsonFile)
}

// removeResults removes a benchmark's results, but not its runs.
func removeResults(out string) error {
	names := []string{csvFile, markdownFile, frontierFile, freeEnergyFile, likelihoodFile}
	for _, figure := range figureNames {
		for _, format := range formats {
			names = append(names, filepath.Join(figureFolder, figure+"."+format))
		}
	}
	for _, name := range append(names, tuneFile, SweepFile, jsonFile) { // the marks last
		if err := atomicfile.RemoveIn(out, name); err != nil {
			return err
		}
	}
	return nil
}
