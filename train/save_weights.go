package train

import (
	"fmt"
	"io"

	"ergon/graph"
	"ergon/internal/npz"
	"ergon/train/rundir"
)

// saveWeights writes the weights W1 [In,Out], b1 [Out], W2 … as numpy arrays of
// float64, which holds every float32 exactly. sigma is, array by array, the
// standard deviations of stochastic synapses, sigma_W1, sigma_b1 …; nil if there
// are none.
func saveWeights(d *rundir.Writer, m graph.Model, sigma [][]float32) error {
	return d.WriteWith(rundir.CheckpointsFolder+"/"+rundir.WeightsFile, func(w io.Writer) error {
		archive := npz.NewWriter(w)
		if err := archiveArrays(archive, "", m, arrays(m)); err != nil {
			return err
		}
		if sigma != nil {
			if err := archiveArrays(archive, "sigma_", m, sigma); err != nil {
				return err
			}
		}
		return archive.Close()
	})
}

// archiveArrays writes a number for each synapse, array by array, under the names of
// the model's arrays with a prefix.
func archiveArrays[T float32 | float64](archive *npz.Writer, prefix string, m graph.Model, all [][]T) error {
	a := 0
	for l, layer := range m.Layers() {
		if err := archive.Write(fmt.Sprintf("%sW%d", prefix, l+1), widen(all[a]), layer.In, layer.Out); err != nil {
			return err
		}
		if a++; layer.B == nil {
			continue
		}
		if err := archive.Write(fmt.Sprintf("%sb%d", prefix, l+1), widen(all[a]), len(all[a])); err != nil {
			return err
		}
		a++
	}
	return nil
}

// widen copies x to float64, which holds every float32 exactly.
func widen[T float32 | float64](narrow []T) []float64 {
	wide := make([]float64, len(narrow))
	for i, x := range narrow {
		wide[i] = float64(x)
	}
	return wide
}
