package rundir

// Writes says how often single synapses were written, which is what limits a device: of the steps
// of a run, those in which the permanent weight was changed. They add up to M0, or, with a cache,
// to m0_consolidated.
type Writes struct {
	Max       int64   `json:"max"`       // of the synapse that was written most often
	Mean      float64 `json:"mean"`      // of all synapses, without those of fixed layers
	Unwritten float64 `json:"unwritten"` // share of these that were never written
}
