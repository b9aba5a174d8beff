package sweep

import (
	"fmt"

	"ergon/configs"
	"ergon/datasets"
	"ergon/energy"
	"ergon/train"
	"ergon/train/rundir"
)

// Sources are what a config names by path, by content.
type Sources struct {
	Data   string               `json:"data"`             // SHA-256 of all files; "": generated, by config and seed
	Prices []rundir.PriceRecord `json:"prices,omitempty"` // of the tables that are files, which the config names so
}

// SourcesOf reads what a config names by path.
func SourcesOf(c *configs.Config) (*Sources, error) {
	content, err := datasets.ContentOf(c.Data)
	if err != nil {
		return nil, err
	}
	s := &Sources{Data: content.Digest}
	for _, name := range c.Energy.Prices {
		if !energy.IsFile(name) {
			continue
		}
		table, err := energy.OpenTable(name)
		if err != nil {
			return nil, err
		}
		s.Prices = append(s.Prices, rundir.PriceRecord{Name: table.Name, File: name, SHA256: table.SHA256})
	}
	return s, nil
}

// tables returns the price tables in files with which a cell is to run; one that cannot be
// read has no digest.
func (o *Outcome) tables() (tables []rundir.PriceRecord) {
	if o.Sources != nil {
		return o.Sources.Prices
	}
	for _, name := range o.Config.Energy.Prices {
		if !energy.IsFile(name) {
			continue
		}
		record := rundir.PriceRecord{File: name}
		if table, err := energy.OpenTable(name); err == nil {
			record.Name, record.SHA256 = table.Name, table.SHA256
		}
		tables = append(tables, record)
	}
	return tables
}

// check is an error if a run has read something else. Of no sources everything may be read.
func (s *Sources) check(r *train.Run) error {
	if s == nil {
		return nil
	}
	const hint = "put back what it was, or submit the sweep anew with --force"
	if now := r.Data.Content.Digest; now != s.Data {
		return fmt.Errorf("data changed since the sweep was submitted%s; %s", thenAndNow(s.Data, now), hint)
	}
	for _, then := range s.Prices {
		for _, now := range r.PriceRecords() {
			if now.Name == then.Name && now.SHA256 != then.SHA256 {
				return fmt.Errorf("price table %s changed since the sweep was submitted%s; %s", then.File, thenAndNow(then.SHA256, now.SHA256), hint)
			}
		}
	}
	return nil
}
