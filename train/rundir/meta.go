package rundir

import "time"

// Meta is where a run's numbers come from: meta.json.
type Meta struct {
	Version string    `json:"version"` // of Ergon: module version and commit, if known
	Go      string    `json:"go"`
	OS      string    `json:"os"`
	Arch    string    `json:"arch"`
	Host    string    `json:"host"`
	CPU     string    `json:"cpu"`
	Cores   int       `json:"cores"` // available to this process
	Engine  string    `json:"engine"`
	BLAS    string    `json:"blas"` // library of matrix products; empty: none
	GPU     *string   `json:"gpu"`  // null: none was used
	Seed    uint64    `json:"seed"`
	Config  string    `json:"config_hash"`
	Command []string  `json:"command"`
	Started time.Time `json:"started"`
}
