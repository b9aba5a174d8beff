package energy

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Spec says how a run's account is priced and metered.
type Spec struct {
	Prices []string `key:"prices" doc:"price tables to turn counts into joules by; []: none"`
	Meter  string   `key:"meter" doc:"meter of real joules; auto: whatever there is. No meter is built in yet, so joules_measured is null" oneof:"auto|none"`
}

// Table is a named list of joules per event.
type Table struct {
	Name       string   `yaml:"name"`
	Technology string   `yaml:"technology"`
	Source     string   `yaml:"source"`
	MAC        *float64 `yaml:"mac"`          // J per multiply-accumulate; null is unknown
	Add        *float64 `yaml:"add"`          // J per addition
	Read       *float64 `yaml:"weight_read"`  // J per weight read
	Write      *float64 `yaml:"weight_write"` // J per weight written
}

//go:embed prices/*.yaml
var tables embed.FS

// Tables returns the names of the built-in price tables.
func Tables() (names []string) {
	entries, err := tables.ReadDir("prices")
	if err != nil {
		panic("energy: no price tables are embedded")
	}
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	sort.Strings(names)
	return names
}

// OpenTable returns a built-in price table.
func OpenTable(name string) (*Table, error) {
	if !slices.Contains(Tables(), name) {
		return nil, fmt.Errorf("energy: unknown price table %q (price tables: %s)", name, strings.Join(Tables(), ", "))
	}
	text, err := tables.ReadFile("prices/" + name + ".yaml")
	if err != nil {
		return nil, err
	}
	t := new(Table)
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(t); err != nil {
		return nil, fmt.Errorf("energy: price table %s: %w", name, err)
	}
	return t, nil
}

// Joules are a run's stages, priced by one table. A stage in which an event
// occurred that the table does not price is nil.
type Joules struct {
	Forward  *float64 `json:"forward"`
	Backward *float64 `json:"backward"`
	Update   *float64 `json:"update"`
	// Maintenance is nil: no built-in table has a price for keeping a synapse.
	Maintenance *float64 `json:"maintenance"`
	Source      string   `json:"source"`
}

// Price prices the ledger. Every MAC of the passes is charged, skippable or
// not; an update is one addition, one read and one write for each synapse
// with Δw ≠ 0.
func (t *Table) Price(l *Ledger) Joules {
	var forward, backward Pass
	var update Update
	for _, y := range l.Layers {
		forward.add(y.Forward)
		backward.add(y.Backward)
		update.add(y.Update)
	}
	pass := func(p Pass) *float64 { return bill(item{p.MACs, t.MAC}, item{p.WeightReads, t.Read}) }
	return Joules{
		Forward: pass(forward), Backward: pass(backward),
		Update: bill(item{update.M0, t.Add}, item{update.WeightReads, t.Read}, item{update.WeightWrites, t.Write}),
		Source: t.Technology + "; " + t.Source,
	}
}

// item is a number of events and their price.
type item struct {
	events int64
	price  *float64
}

// bill adds up items, or returns nil where one that occurred has no price.
func bill(items ...item) *float64 {
	sum := 0.0
	for _, i := range items {
		if i.events == 0 {
			continue
		}
		if i.price == nil {
			return nil
		}
		sum += float64(i.events) * *i.price
	}
	return &sum
}
