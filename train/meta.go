package train

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"ergon/datasets"
	"ergon/energy"
	"ergon/graph/engine"
	"ergon/internal/host"
	"ergon/train/rundir"
)

// metaOf says where the numbers of a run come from.
func metaOf(r *Run) (rundir.Meta, error) {
	hash, err := r.Config.Hash()
	var card *string
	if d, ok := engine.DeviceOf(r.Engine); ok {
		info := d.Info()
		text := fmt.Sprintf("%s, compute capability %s, driver %s", info.Name, info.Capability, info.Driver)
		card = &text
	}
	directory, _ := os.Getwd() // unknown where it was removed
	return rundir.Meta{
		Version: Version(), Revision: buildSetting("vcs.revision"), Executable: Executable(),
		Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
		Host: hostname(), CPU: host.CPU(), Cores: runtime.GOMAXPROCS(0), Engine: r.Engine.Name(), BLAS: r.Engine.BLAS(), GPU: card,
		Seed: r.Config.Seed, Config: hash, Command: os.Args, Directory: directory,
		Data: DataRecord(r.Config.Data, r.Data), Prices: priceRecords(r.prices), Started: r.Started.UTC(),
	}, err
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "unknown"
	}
	return name
}

// DataRecord says what data are.
func DataRecord(spec datasets.Spec, d *datasets.Data) *rundir.DataRecord {
	record := &rundir.DataRecord{
		Name: datasets.Kinds.Name(spec), Where: d.Content.Where, SHA256: d.Content.Digest,
		Train: d.Train.Len(), Test: d.Test.Len(), Shape: d.Shape, Classes: d.Classes,
	}
	for _, f := range d.Content.Files {
		record.Files = append(record.Files, rundir.FileRecord(f))
	}
	if d.Classes > 0 {
		record.FirstLabel, record.LastLabel = &d.FirstLabel, &d.LastLabel
	}
	return record
}

// PriceRecords says which price tables a run has.
func (r *Run) PriceRecords() []rundir.PriceRecord { return priceRecords(r.prices) }

// priceRecords says which price tables those are.
func priceRecords(tables []*energy.Table) []rundir.PriceRecord {
	records := make([]rundir.PriceRecord, len(tables))
	for i, t := range tables {
		records[i] = rundir.PriceRecord{Name: t.Name, File: t.File, SHA256: t.SHA256}
	}
	return records
}

// Version returns the program's version as the Go toolchain recorded it: the
// module's, and the commit it was built from where that was known.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	if revision := buildSetting("vcs.revision"); revision != "" {
		version += " " + revision
	}
	if buildSetting("vcs.modified") == "true" {
		version += " (modified)"
	}
	return version
}

// buildSetting returns what the Go toolchain recorded under a key, or "".
func buildSetting(key string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == key {
			return s.Value
		}
	}
	return ""
}
