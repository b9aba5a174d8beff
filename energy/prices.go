package energy

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"ergon/internal/bounded"
	"ergon/internal/schema"
)

// Spec says how a run's account is priced and metered.
type Spec struct {
	Prices      []string `key:"prices" text:"path" doc:"price tables to turn counts into joules by: names of built-in ones (ergon prices lists them) or paths of YAML files, relative to the working directory; []: none"`
	Meter       string   `key:"meter" doc:"meter of real joules; rapl: processors and memory; nvml: the GPU; auto: whatever there is, if anything (ergon doctor says)" oneof:"auto|none|rapl|nvml"`
	Baseline    float64  `key:"baseline_s" doc:"seconds to idle before the run, to measure what the machine draws without it; 0: none" in:"[0,3600]"`
	Temperature float64  `key:"temperature" doc:"temperature in K at which thermodynamic bounds are taken" in:"(0,inf)"`
}

// Validate implements schema's check: the tables can be read, and have names of
// their own; a baseline has a meter.
func (s *Spec) Validate() error {
	if s.Baseline > 0 && s.Meter == "none" {
		return schema.Fieldf("baseline_s", "%v needs a meter, and meter is none", s.Baseline)
	}
	_, err := OpenTables(s.Prices)
	return err
}

// Table is a named list of joules per event.
type Table struct {
	Name       string `json:"name"`
	File       string `json:"file,omitempty"` // as an absolute path; "" for a built-in table
	SHA256     string `json:"sha256"`         // of the table's text, in hex
	Technology string `json:"technology,omitempty"`
	Source     string `json:"source"` // of prices that name no other
	Unit       string `json:"unit"`   // of the prices: J, unless the table says neither joules nor what its unit is in joules
	// Prices are what events cost. What an event without an entry costs is unknown.
	Prices map[Event]Price `json:"prices"`
	// Charges are the events that stages are charged for; see Charged.
	Charges map[Stage][]Event `json:"charges"`
	// SecondsPerPresentation is how long a presentation lasts, for events that
	// are priced by time; nil: unknown.
	SecondsPerPresentation *float64 `json:"seconds_per_presentation"`
}

// Price is what one event costs.
type Price struct {
	Joules *float64 `json:"joules"` // or the table's unit; nil: unknown
	Low    *float64 `json:"low"`    // with High the range that the source gives; nil: none is given
	High   *float64 `json:"high"`
	Source string   `json:"source,omitempty"` // "": the table's
}

//go:embed prices/*.yaml
var tables embed.FS

// Tables returns the names of the built-in price tables, sorted.
func Tables() (names []string) {
	entries, err := tables.ReadDir("prices")
	if err != nil {
		panic("energy: no price tables are embedded")
	}
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// OpenTable returns a built-in price table, or the one in the YAML file at a
// path, which ends in .yaml or .yml or has a separator in it.
func OpenTable(name string) (*Table, error) {
	if IsFile(name) {
		return openFile(name)
	}
	if !slices.Contains(Tables(), name) {
		what := hint(name, Tables())
		if strings.Contains(name, ",") {
			what = "; a list has brackets: [" + name + "]"
		}
		return nil, fmt.Errorf("unknown price table %q (price tables: %s)%s", name, list(Tables()), what)
	}
	file := "prices/" + name + ".yaml"
	text, err := tables.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return openText(file, text)
}

// openText reads a table from its text.
func openText(file string, text []byte) (*Table, error) {
	t, err := readTable(file, text)
	if err != nil {
		return nil, err
	}
	digest := sha256.Sum256(text)
	t.SHA256 = hex.EncodeToString(digest[:])
	return t, nil
}

// IsFile says whether a name of energy.prices is a path: it ends in .yaml or .yml, or has a
// separator in it.
func IsFile(name string) bool {
	ending := filepath.Ext(name)
	return ending == ".yaml" || ending == ".yml" || strings.ContainsAny(name, `/\`)
}

// openFile reads a user's table. What it does not name, its file does.
func openFile(path string) (*Table, error) {
	text, err := bounded.File(path, schema.MaxDocument)
	if err != nil {
		return nil, fmt.Errorf("price table: %w", err)
	}
	t, err := openText(path, text)
	if err != nil {
		return nil, err
	}
	t.File = path
	if absolute, err := filepath.Abs(path); err == nil {
		t.File = absolute
	}
	if t.Name == "" {
		t.Name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	if t.Source == "" {
		t.Source = "file " + path + ", which names no source"
	}
	return t, nil
}

// OpenTables returns the tables of energy.prices, which must have names of
// their own: results are kept under them.
func OpenTables(names []string) ([]*Table, error) {
	var all []*Table
	for i, name := range names {
		key := fmt.Sprintf("prices[%d]", i)
		t, err := OpenTable(name)
		if err != nil {
			return nil, blame(key, err)
		}
		if IsFile(name) && slices.Contains(Tables(), t.Name) {
			return nil, schema.Fieldf(key, "%s has the name of the built-in table %q; give it another, by its key name", name, t.Name)
		}
		if slices.ContainsFunc(all, func(u *Table) bool { return u.Name == t.Name }) {
			return nil, schema.Fieldf(key, "a price table of the name %q is given twice", t.Name)
		}
		all = append(all, t)
	}
	return all, nil
}

// blame makes each problem of a table one of a key of Spec.
func blame(key string, err error) error {
	many, ok := errors.AsType[schema.Errors](err)
	if !ok {
		return schema.Fieldf(key, "%v", err)
	}
	var problems []error
	for _, problem := range many {
		problems = append(problems, schema.Fieldf(key, "%v", problem))
	}
	return errors.Join(problems...)
}
