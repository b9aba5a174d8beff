package models

import (
	"math"

	"ergon/internal/philox"
	"ergon/internal/schema"
)

// Init draws initial weights. A kind registers itself in Inits.
type Init interface {
	// Scale returns the scale of the distribution for weights [in,out].
	Scale(in, out int) float64
	// Draw fills dst with samples first, first+1, … of the distribution at scale 1. first is even.
	Draw(s philox.Stream, first uint64, dst []float64)
}

// Inits are the kinds that model.init accepts.
var Inits = schema.NewUnion[Init]("kind", "initialiser")

// initialise fills w [in,out] from the stream: weight i is sample i.
func initialise(init Init, w []float32, in, out int, s philox.Stream) {
	scale := init.Scale(in, out)
	var samples [128]float64
	for lo := 0; lo < len(w); lo += len(samples) {
		part := w[lo:min(lo+len(samples), len(w))]
		init.Draw(s, uint64(lo), samples[:len(part)])
		for i := range part {
			part[i] = float32(scale * samples[i])
		}
	}
}

// gaussian draws N(0, 1).
type gaussian struct{}

// Draw implements Init.
func (gaussian) Draw(s philox.Stream, first uint64, dst []float64) { s.NormalPairs(0, first/2, dst) }

// box draws uniformly from [-1, 1).
type box struct{}

// Draw implements Init.
func (box) Draw(s philox.Stream, first uint64, dst []float64) {
	for i := range dst {
		dst[i] = 2*s.Float64(0, first+uint64(i)) - 1
	}
}

// He is N(0, 2/in), which keeps the variance of rectified activity (He et al. 2015).
type He struct{ gaussian }

// LeCun is N(0, 1/in), which keeps the variance of a linear unit (LeCun et al. 1998).
type LeCun struct{ gaussian }

// Glorot is uniform on ±√(6/(in+out)) (Glorot & Bengio 2010).
type Glorot struct{ box }

// Normal is N(0, std²).
type Normal struct {
	gaussian
	Std float64 `key:"std" doc:"standard deviation" in:"[0,inf)"`
}

// Uniform is uniform on [-bound, bound).
type Uniform struct {
	box
	Bound float64 `key:"bound" doc:"largest magnitude" in:"[0,inf)"`
}

// Binary is ±scale/√in with equal probabilities: at scale 1 it has the variance of LeCun, √2 that of He.
type Binary struct {
	Factor float64 `key:"scale" doc:"magnitude of every weight, in units of 1/√inputs" in:"(0,inf)"`
}

// Zero starts every weight at 0.
type Zero struct{}

var (
	_ Init = He{}
	_ Init = LeCun{}
	_ Init = Glorot{}
	_ Init = (*Normal)(nil)
	_ Init = (*Uniform)(nil)
	_ Init = (*Binary)(nil)
	_ Init = Zero{}
)

func init() {
	Inits.Register("he", schema.Doc{Summary: "N(0, 2/inputs)", Source: "He et al. 2015"}, func() Init { return He{} })
	Inits.Register("glorot", schema.Doc{Summary: "uniform on ±√(6/(inputs+outputs))", Source: "Glorot & Bengio 2010"}, func() Init { return Glorot{} })
	Inits.Register("lecun", schema.Doc{Summary: "N(0, 1/inputs)", Source: "LeCun, Bottou, Orr & Müller 1998, Efficient BackProp"}, func() Init { return LeCun{} })
	Inits.Register("normal", schema.Doc{Summary: "N(0, std²)"}, func() Init { return &Normal{Std: 0.03} })
	Inits.Register("uniform", schema.Doc{Summary: "uniform on ±bound"}, func() Init { return &Uniform{Bound: 0.05} })
	Inits.Register("binary", schema.Doc{Summary: "±scale/√inputs, the magnitude of all weights of a layer", Source: "binary weights as of Helwegen et al. 2019"}, func() Init { return &Binary{Factor: 1} })
	Inits.Register("zero", schema.Doc{Summary: "all zero"}, func() Init { return Zero{} })
}

// Scale implements Init.
func (He) Scale(in, _ int) float64 { return math.Sqrt(2 / float64(in)) }

// Scale implements Init.
func (LeCun) Scale(in, _ int) float64 { return math.Sqrt(1 / float64(in)) }

// Scale implements Init.
func (Glorot) Scale(in, out int) float64 { return math.Sqrt(6 / float64(in+out)) }

// Scale implements Init.
func (n *Normal) Scale(int, int) float64 { return n.Std }

// Scale implements Init.
func (u *Uniform) Scale(int, int) float64 { return u.Bound }

// Scale implements Init.
func (b *Binary) Scale(in, _ int) float64 { return b.Factor / math.Sqrt(float64(in)) }

// Draw implements Init.
func (*Binary) Draw(s philox.Stream, first uint64, dst []float64) {
	for i := range dst {
		dst[i] = float64(2*s.Intn(0, first+uint64(i), 2) - 1)
	}
}

// Scale implements Init.
func (Zero) Scale(int, int) float64 { return 0 }

// Draw implements Init.
func (Zero) Draw(_ philox.Stream, _ uint64, dst []float64) { clear(dst) }
