package train

import (
	"errors"
	"fmt"
	"io"

	"ergon/internal/npz"
	"ergon/train/rundir"
)

// deviations returns the σ of stochastic synapses, array by array; nil if there are none.
func (r *Run) deviations() [][]float32 {
	if t := r.updater.Transmission(); t != nil {
		return t.Deviations()
	}
	return nil
}

// saveSynapses writes the report on stochastic synapses: synapses.json with an entry
// for each layer, and synapses.npz with numbers for each synapse, the arrays
// sigma_W1 [In,Out], sigma_b1 [Out], fisher_W1 = ⟨g²⟩, gradient_W1 = ⟨|g|⟩ …
// and rate1 = ⟨|x|⟩ [In] of the units below each layer.
func saveSynapses(d *rundir.Writer, r *Run) error {
	if r.synapses == nil {
		return nil
	}
	err := d.WriteJSON(rundir.SynapsesFile, r.synapses.Layers(r.Model, r.deviations()))
	return errors.Join(err, d.WriteWith(rundir.SynapseArraysFile, r.archiveSynapses))
}

// archiveSynapses writes synapses.npz.
func (r *Run) archiveSynapses(w io.Writer) error {
	archive := npz.NewWriter(w)
	fisher, gradient, rate := r.synapses.Means()
	if err := archiveArrays(archive, "sigma_", r.Model, r.deviations()); err != nil {
		return err
	}
	if err := archiveArrays(archive, "fisher_", r.Model, fisher); err != nil {
		return err
	}
	if err := archiveArrays(archive, "gradient_", r.Model, gradient); err != nil {
		return err
	}
	for l, x := range rate {
		if err := archive.Write(fmt.Sprintf("rate%d", l+1), x, len(x)); err != nil {
			return err
		}
	}
	return archive.Close()
}
