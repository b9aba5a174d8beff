package train

import (
	"fmt"
	"io"

	"github.com/sbinet/npyio/npz"
	"gonum.org/v1/gonum/mat"

	"ergon/graph"
	"ergon/internal/atomicfile"
)

// saveWeights writes the weights W1 [In,Out], b1 [Out], W2 … as numpy arrays of
// float64, which holds every float32 exactly.
func saveWeights(path string, m graph.Model) error {
	return atomicfile.WriteWith(path, func(w io.Writer) error {
		archive := npz.NewWriter(w)
		for l, layer := range m.Layers() {
			weights := mat.NewDense(layer.In, layer.Out, widen(layer.W))
			if err := archive.Write(fmt.Sprintf("W%d", l+1), weights); err != nil {
				return err
			}
			if layer.B == nil {
				continue
			}
			if err := archive.Write(fmt.Sprintf("b%d", l+1), widen(layer.B)); err != nil {
				return err
			}
		}
		return archive.Close()
	})
}

func widen(narrow []float32) []float64 {
	wide := make([]float64, len(narrow))
	for i, x := range narrow {
		wide[i] = float64(x)
	}
	return wide
}
