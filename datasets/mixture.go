package datasets

import (
	"math"

	"ergon/internal/philox"
	"ergon/internal/schema"
)

// Mixture is a mixture of Gaussian clusters in N dimensions, all equally
// likely; the class of an example is its cluster k:
//
//	x = μ_k/√N + √Δ·z,  z ~ N(0, 1_N)
//
// Two clusters lie opposite each other, μ_0 = -v and μ_1 = +v with
// v ~ N(0, 1_N): the model of Mignacco, Krzakala, Urbani & Zdeborová (NeurIPS
// 2020, arXiv 2006.06098) with c = 2k-1. With more, each centre μ_k ~ N(0, 1_N)
// is drawn on its own.
//
// Streams: "mixture/centres" (step k), "mixture/train" and "mixture/test" for z
// (index i·N + j), "mixture/train/class" and "mixture/test/class" (index i).
type Mixture struct {
	Synthetic
	Clusters int     `key:"clusters" doc:"number of clusters, one class each" in:"[2,256]"`
	Delta    float64 `key:"delta" doc:"variance of a cluster along each axis" in:"[0,inf)"`
}

var _ Spec = Mixture{}

func init() {
	Kinds.Register("mixture", schema.Doc{
		Summary: "Gaussian clusters in N dimensions; two are at +-v/sqrt(N), as theory has them",
		Source:  "Mignacco et al., NeurIPS 2020, arXiv 2006.06098",
	}, func() Spec { return Mixture{Synthetic{Inputs: 500}, 2, 0.5} })
}

// Load draws the clusters and the examples.
func (s Mixture) Load(seed uint64) (*Data, error) {
	train, test, err := s.sizes()
	if err != nil {
		return nil, err
	}
	switch {
	case s.Clusters < 2 || s.Clusters > 256: // a class is a byte
		return nil, schema.Fieldf("clusters", "%d clusters: want 2 to 256", s.Clusters)
	case !(s.Delta >= 0):
		return nil, schema.Fieldf("delta", "variance %v: want at least 0", s.Delta)
	}
	return load(dataKey{spec: s, seed: seed}, func() (*Data, error) {
		centres := s.Centres(seed)
		return s.data(s.draw(train, centres, "mixture/train", seed), s.draw(test, centres, "mixture/test", seed), s.Clusters), nil
	})
}

// Centres returns μ_k, [Clusters, Inputs], unscaled.
func (s Mixture) Centres(seed uint64) []float32 {
	stream := philox.New(seed, "mixture/centres")
	if s.Clusters == 2 {
		v := normals(s.Inputs, stream, 0)
		centres := append(make([]float32, len(v)), v...)
		for j, x := range v {
			centres[j] = -x
		}
		return centres
	}
	var centres []float32
	for k := range s.Clusters {
		centres = append(centres, normals(s.Inputs, stream, uint64(k))...)
	}
	return centres
}

// draw returns n examples.
func (s Mixture) draw(n int, centres []float32, name string, seed uint64) drawn {
	class := philox.New(seed, name+"/class")
	labels := make([]uint8, n)
	for i := range labels {
		labels[i] = uint8(class.Intn(0, uint64(i), s.Clusters))
	}
	x := make([]float32, n*s.Inputs)
	root, scale := math.Sqrt(s.Delta), overRoot(s.Inputs)
	fillNormal(x, philox.New(seed, name), 0, func(at int, z float64) float32 {
		i, j := at/s.Inputs, at%s.Inputs
		return float32(scale*float64(centres[int(labels[i])*s.Inputs+j]) + root*z)
	})
	return drawn{x: x, inputs: s.Inputs, outputs: s.Clusters, labels: labels}
}
