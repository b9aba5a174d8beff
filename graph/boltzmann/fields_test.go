package boltzmann

import (
	"math"
	"testing"

	"gorgonia.org/tensor"

	"ergon/graph/op"
	"ergon/internal/blas"
	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// Fields of samples, which are sums from tables, and of mean activities are those of the definition, with
// every library.
func TestVisibleFields(t *testing.T) {
	const C, V, H = 60, 150, 110
	pool, stream := parallel.New(2), philox.New(3, "fields")
	defer pool.Close()
	shapes := []tensor.Shape{{C, H}, {V, H}, {V}}
	in, wide := make([]op.Operand, 3), make([]op.Array, 3)
	for k, shape := range shapes {
		n := shape.TotalSize()
		in[k], wide[k] = op.Operand{Data: make([]float32, n), Shape: shape}, op.Array{Data: make([]float64, n), Shape: shape}
	}
	for _, name := range []string{"none", "gonum"} {
		library, err := blas.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		got, want := make([]float32, C*V), make([]float64, C*V)
		run := visibleFields{}.Compile(&op.Compiler{Library: library, Pool: pool}, got, in)
		for _, sampled := range []bool{true, false} {
			for k := range in {
				for i := range in[k].Data {
					x := stream.Normal(uint64(k), uint64(i))
					if sampled && k == 0 {
						x = math.Round(1 / (1 + math.Exp(x))) // 0 or 1
					}
					in[k].Data[i] = float32(x)
					wide[k].Data[i] = float64(in[k].Data[i])
				}
			}
			visibleFields{}.Evaluate(want, wide)
			run()
			for i, v := range got {
				if !(math.Abs(float64(v)-want[i]) <= 8e-6*math.Sqrt(H)) { // rounding of H products of N(0,1) numbers
					t.Fatalf("%s, sampled %t: field %d is %v, want %v", name, sampled, i, v, want[i])
				}
			}
		}
	}
}
