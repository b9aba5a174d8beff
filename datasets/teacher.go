package datasets

import (
	"math"

	"ergon/internal/philox"
	"ergon/internal/schema"
)

// Teacher is a task set by a two-layer network with M hidden units, of which a
// student sees inputs x ~ N(0, 1_N) and one real-valued target:
//
//	target = Σ_m v_m g(B_m·x/√N) + σ·ζ,  B_m ~ N(0, 1_N), ζ ~ N(0, 1)
//
// (Saad & Solla 1995; Goldt et al. 2019). Test targets, and those held out for
// validation, carry no noise, so that half the mean squared test error is the
// generalisation error of the theory.
//
// Streams: "teacher/weights" (step m) for B, "teacher/readout" for v,
// "teacher/train" and "teacher/test" for x (index i·N + j), "teacher/noise" for ζ.
type Teacher struct {
	Synthetic
	Units      int     `key:"units" doc:"hidden units M" in:"[1,1e4]"`
	Activation string  `key:"activation" doc:"g of the hidden units; erf is erf(z/sqrt(2))" oneof:"erf|linear|tanh|relu"`
	Readout    string  `key:"readout" doc:"second layer v: all 1 (soft committee), or drawn from N(0, 1)" oneof:"ones|normal"`
	Noise      float64 `key:"noise" doc:"standard deviation sigma of the noise on training targets" in:"[0,inf)"`
}

var _ Spec = Teacher{}

func init() {
	Kinds.Register("teacher", schema.Doc{
		Summary: "real-valued targets of a random two-layer network on Gaussian inputs",
		Source:  "Saad & Solla, PRE 52:4225 (1995); Goldt et al., NeurIPS 2019",
	}, func() Spec { return Teacher{Synthetic{Inputs: 500}, 2, "erf", "ones", 0} })
}

// teacherUnits holds g by name.
var teacherUnits = map[string]func(z float64) float64{
	"erf":    func(z float64) float64 { return math.Erf(z / math.Sqrt2) },
	"linear": func(z float64) float64 { return z },
	"tanh":   math.Tanh,
	"relu":   func(z float64) float64 { return max(z, 0) },
}

// Load draws the teacher and the examples.
func (s Teacher) Load(seed uint64) (*Data, error) {
	train, test, err := s.sizes()
	switch {
	case err != nil:
		return nil, err
	case s.Units < 1:
		return nil, schema.Fieldf("units", "%d units: want at least 1", s.Units)
	case teacherUnits[s.Activation] == nil:
		return nil, schema.Fieldf("activation", "unknown activation %q", s.Activation)
	case s.Readout != "ones" && s.Readout != "normal":
		return nil, schema.Fieldf("readout", "unknown readout %q", s.Readout)
	}
	if s.Units > maxSynthetic/s.Inputs {
		return nil, schema.Fieldf("units", "%d units of %d inputs: want at most 2^30 weights", s.Units, s.Inputs)
	}
	return load(dataKey{spec: s, seed: seed}, func() (*Data, error) {
		b, v := s.Weights(seed)
		training := s.examples(train, b, v, philox.New(seed, "teacher/train"))
		noise := normals(train-s.Validation, philox.New(seed, "teacher/noise"), 0)
		for i, zeta := range noise {
			training.targets[i] += float32(s.Noise) * zeta
		}
		return s.data(training, s.examples(test, b, v, philox.New(seed, "teacher/test")), 0), nil
	})
}

// Weights returns the teacher: B, [Units, Inputs], and v, [Units].
func (s Teacher) Weights(seed uint64) (b, v []float32) {
	stream := philox.New(seed, "teacher/weights")
	for m := range s.Units {
		b = append(b, normals(s.Inputs, stream, uint64(m))...)
	}
	v = normals(s.Units, philox.New(seed, "teacher/readout"), 0)
	if s.Readout == "ones" {
		for m := range v {
			v[m] = 1
		}
	}
	return b, v
}

// examples returns n inputs with the targets of the teacher, without noise.
func (s Teacher) examples(n int, b, v []float32, inputs philox.Stream) drawn {
	x, targets := normals(n*s.Inputs, inputs, 0), make([]float32, n)
	inParallel(n, func(from, to int) {
		for i := from; i < to; i++ {
			targets[i] = float32(s.output(x[i*s.Inputs:][:s.Inputs], b, v))
		}
	})
	return drawn{x: x, inputs: s.Inputs, outputs: 1, targets: targets}
}

// output returns Σ_m v_m g(B_m·x/√N).
func (s Teacher) output(x, b, v []float32) float64 {
	g, scale, sum := teacherUnits[s.Activation], overRoot(s.Inputs), 0.0
	for m := range s.Units {
		field := 0.0 // B_m·x
		for j, w := range b[m*s.Inputs:][:s.Inputs] {
			field += float64(w) * float64(x[j])
		}
		sum += float64(v[m]) * g(field*scale)
	}
	return sum
}
