package op

import (
	"fmt"
	"unsafe"

	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// Float32s returns the storage of a float32 value, not a copy. Any other type
// is a programmer's mistake and panics.
func Float32s(v G.Value) []float32 {
	switch v := v.(type) {
	case *tensor.Dense:
		return v.Float32s()
	case *G.F32:
		return unsafe.Slice((*float32)(v), 1)
	}
	panic("graph: value is not float32")
}

// float64s returns a float32 or float64 value widened to float64, as a copy.
func float64s(v G.Value) []float64 {
	switch v := v.(type) {
	case *G.F64:
		return []float64{float64(*v)}
	case *tensor.Dense:
		if v.Dtype() == tensor.Float64 {
			return append([]float64(nil), v.Float64s()...)
		}
	}
	narrow := Float32s(v)
	wide := make([]float64, len(narrow))
	for i, x := range narrow {
		wide[i] = float64(x)
	}
	return wide
}

// valueOf wraps data as a Gorgonia value of the given shape and element type.
func valueOf(data []float64, shape tensor.Shape, dtype tensor.Dtype) (G.Value, error) {
	if dtype == tensor.Float64 {
		if shape.IsScalar() {
			return G.NewF64(data[0]), nil
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data)), nil
	}
	if dtype != tensor.Float32 {
		return nil, fmt.Errorf("graph: element type %v is neither float32 nor float64", dtype)
	}
	narrow := make([]float32, len(data))
	for i, x := range data {
		narrow[i] = float32(x)
	}
	return Float32Value(narrow, shape), nil
}

// Float32Value wraps data, without a copy.
func Float32Value(data []float32, shape tensor.Shape) G.Value {
	if shape.IsScalar() {
		return (*G.F32)(&data[0])
	}
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}
