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
	err := errors.Join(
		archiveArrays(archive, "sigma_", r.Model, r.deviations()),
		archiveArrays(archive, "fisher_", r.Model, fisher),
		archiveArrays(archive, "gradient_", r.Model, gradient),
	)
	for l, x := range rate {
		err = errors.Join(err, archive.Write(fmt.Sprintf("rate%d", l+1), x, len(x)))
	}
	return errors.Join(err, archive.Close())
}
