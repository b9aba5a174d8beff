package train

import (
	"errors"
	"fmt"
	"io"

	"ergon/graph"
	"ergon/internal/npz"
	"ergon/train/rundir"
)

// saveWeights writes the weights W1 [In,Out], b1 [Out], W2 … as numpy arrays of
// float64, which holds every float32 exactly. sigma is, array by array, the
// standard deviations of stochastic synapses, sigma_W1, sigma_b1 …; nil if there
// are none. Of layers that are normalised it writes what they answer by, mean1 and
// variance1 [Out] ….
func saveWeights(d *rundir.Writer, m graph.Model, sigma [][]float32) error {
	return d.WriteWith(rundir.CheckpointsFolder+"/"+rundir.WeightsFile, func(w io.Writer) error {
		archive := npz.NewWriter(w)
		if err := archiveArrays(archive, "", m, arrays(m)); err != nil {
			return err
		}
		if err := archiveAverages(archive, m); err != nil {
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
		if !layer.Tied {
			if err := archive.Write(fmt.Sprintf("%sW%d", prefix, l+1), widen(all[a]), layer.In, layer.Out); err != nil {
				return err
			}
			a++
		}
		if layer.B == nil {
			continue
		}
		if err := archive.Write(fmt.Sprintf("%sb%d", prefix, l+1), widen(all[a]), len(all[a])); err != nil {
			return err
		}
		a++
	}
	return nil
}

// archiveAverages writes the running averages of layers that are normalised.
func archiveAverages(archive *npz.Writer, m graph.Model) error {
	for l, layer := range m.Layers() {
		if layer.Averages == nil {
			continue
		}
		mean, variance := layer.Averages[:layer.Out], layer.Averages[layer.Out:]
		if err := errors.Join(archive.Write(fmt.Sprintf("mean%d", l+1), widen(mean), layer.Out), archive.Write(fmt.Sprintf("variance%d", l+1), widen(variance), layer.Out)); err != nil {
			return err
		}
	}
	return nil
}

// widen copies x to float64, which holds every float32 exactly.
func widen[T int | float32 | float64](narrow []T) []float64 {
	wide := make([]float64, len(narrow))
	for i, x := range narrow {
		wide[i] = float64(x)
	}
	return wide
}
