package rundir

import "time"

// Meta is where a run's numbers come from: meta.json.
type Meta struct {
	Version    string        `json:"version"`           // of Ergon: module version and commit, if known
	Revision   string        `json:"revision"`          // commit; "": not known
	Executable string        `json:"executable_sha256"` // of the program's file; "": it could not be read
	Go         string        `json:"go"`
	OS         string        `json:"os"`
	Arch       string        `json:"arch"`
	Host       string        `json:"host"`
	CPU        string        `json:"cpu"`
	Cores      int           `json:"cores"` // available to this process
	Engine     string        `json:"engine"`
	BLAS       string        `json:"blas"` // library of matrix products; empty: none
	GPU        *string       `json:"gpu"`  // null: none was used
	Seed       uint64        `json:"seed"`
	Config     string        `json:"config_hash"`
	Command    []string      `json:"command"`
	Directory  string        `json:"directory"` // working directory, which paths of the config are relative to
	Data       *DataRecord   `json:"data"`      // null: written by a version that did not record it
	Prices     []PriceRecord `json:"prices"`    // null, likewise
	Started    time.Time     `json:"started"`
}

// DataRecord is what a run learned from.
type DataRecord struct {
	Name       string       `json:"name"`            // of the data set
	Where      string       `json:"where"`           // folder, as an absolute path; "embedded mnist"; "generated"
	SHA256     string       `json:"sha256"`          // of all files together; "": generated, by config and seed
	Files      []FileRecord `json:"files,omitempty"` // in the order in which that takes them
	Train      int          `json:"train"`           // examples in use
	Test       int          `json:"test"`
	Shape      []int        `json:"shape"`       // of one input
	Classes    int          `json:"classes"`     // 0: real-valued targets
	FirstLabel *int         `json:"first_label"` // least label of the files; null: real-valued targets
	LastLabel  *int         `json:"last_label"`  // largest
}

// FileRecord is a file of a data set.
type FileRecord struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`  // decompressed
	SHA256 string `json:"sha256"` // of the decompressed content
}

// PriceRecord is a price table of a run.
type PriceRecord struct {
	Name   string `json:"name"`
	File   string `json:"file,omitempty"` // as an absolute path; "": a built-in table
	SHA256 string `json:"sha256"`
}
