package launch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"ergon/configs"
	"ergon/internal/atomicfile"
	"ergon/internal/bounded"
	"ergon/sweep"
)

// formatVersion is that of sweep.json.
const formatVersion = 1

// list is sweep.json. The same benchmark, submitted in the same place, gives the same bytes.
type list struct {
	Version   int            `json:"version"`   // of this format
	Program   string         `json:"program"`   // version of Ergon that made it
	Directory string         `json:"directory"` // working directory, which paths of configs are relative to
	Asked     *sweep.Asked   `json:"benchmark"` // as in bench.json
	Bench     *sweep.Bench   `json:"bench"`     // what a report needs
	Launch    configs.Launch `json:"launch"`
	Pack      int            `json:"pack"` // cells of a pack; 0: not decided yet
	Arms      []arm          `json:"arms"`
	Cells     []listed       `json:"cells"`
}

// arm is a rule at a grid point.
type arm struct {
	Label   string         `json:"label"`
	Config  string         `json:"config"`  // YAML, as in config.yaml; its seed does not matter
	Sources *sweep.Sources `json:"sources"` // data and price tables at submission
}

// listed is a cell of the list.
type listed struct {
	Label string `json:"label"`
	Seed  uint64 `json:"seed"`
	Hash  string `json:"hash"` // of the config; the name of its run directory
}

// newList lists cells. It reads their data and price tables.
func newList(b *sweep.Bench, asked *sweep.Asked, cells []sweep.Cell) (*list, error) {
	l := &list{Version: formatVersion, Program: version(), Asked: asked, Bench: b, Launch: b.Launch, Pack: b.Launch.Pack}
	var err error
	if l.Directory, err = os.Getwd(); err != nil {
		return nil, err
	}
	arms, seen := map[string]bool{}, map[string]bool{}
	for _, c := range cells {
		if !arms[c.Label] {
			arms[c.Label] = true
			text, err := c.Config.YAML(false)
			if err != nil {
				return nil, err
			}
			sources, err := sweep.SourcesOf(c.Config)
			if err != nil {
				return nil, err
			}
			l.Arms = append(l.Arms, arm{c.Label, string(text), sources})
		}
		if !seen[c.Hash] { // cells of equal config are one run
			seen[c.Hash] = true
			l.Cells = append(l.Cells, listed{c.Label, c.Seed, c.Hash})
		}
	}
	return l, nil
}

// text is what sweep.json holds.
func (l *list) text() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(l)
	return b.Bytes(), err
}

// write writes sweep.json.
func (l *list) write(folder string) error {
	text, err := l.text()
	if err != nil {
		return err
	}
	return atomicfile.WriteIn(folder, sweep.SweepFile, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// readList reads sweep.json.
func readList(folder string) (*list, error) {
	path := filepath.Join(folder, sweep.SweepFile)
	text, err := bounded.FileIn(folder, sweep.SweepFile, maxList)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not a sweep's folder (it holds no %s); `ergon sweep submit` makes one", folder, sweep.SweepFile)
	} else if err != nil {
		return nil, err
	}
	l := new(list)
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if head.Version != formatVersion {
		return nil, fmt.Errorf("%s is of format %d, and this program (%s) reads format %d: use the program that submitted the sweep, or submit it anew with --force",
			path, head.Version, version(), formatVersion)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(l); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := l.check(); err != nil {
		return nil, fmt.Errorf("%s: %w; submit the sweep anew with --force", path, err)
	}
	return l, nil
}

// hashed is what a cell's hash looks like. It becomes a path.
var hashed = regexp.MustCompile("^[0-9a-f]{10}$")

// check refuses a list that is not whole.
func (l *list) check() error {
	arms := map[string]bool{}
	for _, a := range l.Arms {
		if a.Sources == nil {
			return fmt.Errorf("%q has no sources", a.Label)
		}
		arms[a.Label] = true
	}
	seen := map[string]bool{}
	for i, c := range l.Cells {
		switch {
		case !hashed.MatchString(c.Hash):
			return fmt.Errorf("cell %d has no hash", i)
		case !arms[c.Label]:
			return fmt.Errorf("cell %d is of %q, which is not among the arms", i, c.Label)
		case seen[c.Hash]:
			return fmt.Errorf("cell %s is listed twice", c.Hash)
		}
		seen[c.Hash] = true
	}
	switch {
	case l.Bench == nil || l.Asked == nil || len(l.Cells) == 0:
		return errors.New("lists no benchmark")
	case l.Pack < 0:
		return fmt.Errorf("packs of %d cells", l.Pack)
	}
	return nil
}
