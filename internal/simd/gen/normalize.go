package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels of rows in which each number belongs to a channel with its own mean and factors.
// A row is whole vectors. Nothing is fused: portable Go must give the same bits.

const (
	sumSquaresSignature     = "func(dst, a, center *float32, rows, width int)"
	sumProductsSignature    = "func(dst, d, a, center *float32, rows, width int)"
	normalizeSignature      = "func(dst, a, mean, scale *float32, rows, width int)"
	normalizeErrorSignature = "func(dst, d, a, mean, scale, shift, slope *float32, rows, width int)"
)

// normalizeKernels emits all of them for a vector of so many lanes.
func normalizeKernels(suffix string, lanes int, vector func() reg.VecVirtual) {
	sumSquares(suffix, lanes, vector)
	sumProducts(suffix, lanes, vector)
	normalize(suffix, lanes, vector)
	normalizeError(suffix, lanes, vector)
}

func sumSquares(suffix string, lanes int, vector func() reg.VecVirtual) {
	TEXT("sumSquares"+suffix, NOSPLIT, sumSquaresSignature)
	Pragma("noescape")
	Doc("sumSquares" + suffix + " writes to dst the sums of the columns of (a - center)², of so many rows of whole vectors.")
	dst, a, center := Load(Param("dst"), GP64()), Load(Param("a"), GP64()), Load(Param("center"), GP64())
	centeredSums(lanes, vector, dst, a, nil, center)
	VZEROUPPER()
	RET()
}

func sumProducts(suffix string, lanes int, vector func() reg.VecVirtual) {
	TEXT("sumProducts"+suffix, NOSPLIT, sumProductsSignature)
	Pragma("noescape")
	Doc("sumProducts" + suffix + " writes to dst the sums of the columns of d·(a - center), of so many rows of whole vectors.")
	dst, d := Load(Param("dst"), GP64()), Load(Param("d"), GP64())
	a, center := Load(Param("a"), GP64()), Load(Param("center"), GP64())
	centeredSums(lanes, vector, dst, a, d, center)
	VZEROUPPER()
	RET()
}

// centeredSums emits the sums of (a - center)·d, or of squares where d is nil: four vectors
// of columns at a time, then one.
func centeredSums(lanes int, vector func() reg.VecVirtual, dst, a, d, center reg.Register) {
	rows, width := Load(Param("rows"), GP64()), Load(Param("width"), GP64())
	pitch := GP64()
	MOVQ(width, pitch)
	SHLQ(U8(2), pitch)
	pointers := []reg.Register{dst, a, center}
	if d != nil {
		pointers = append(pointers, d)
	}
	for _, vectors := range []int{4, 1} {
		name := fmt.Sprintf("strip%d", vectors)
		loop(name, vectors*lanes, width, pointers, nil, func() {
			sums, centers := make([]reg.VecVirtual, vectors), make([]reg.VecVirtual, vectors)
			for i := range sums {
				sums[i], centers[i] = vector(), vector()
				VXORPS(sums[i].AsY(), sums[i].AsY(), sums[i].AsY()) // clears the whole register
				VMOVUPS(Mem{Base: center, Disp: 4 * lanes * i}, centers[i])
			}
			row, errors, left := GP64(), GP64(), GP64()
			MOVQ(a, row)
			MOVQ(rows, left)
			if d != nil {
				MOVQ(d, errors)
			}
			Label(name + "row")
			for i := range sums {
				x := vector()
				VMOVUPS(Mem{Base: row, Disp: 4 * lanes * i}, x)
				VSUBPS(centers[i], x, x)
				if d != nil {
					VMULPS(Mem{Base: errors, Disp: 4 * lanes * i}, x, x)
				} else {
					VMULPS(x, x, x)
				}
				VADDPS(x, sums[i], sums[i])
			}
			ADDQ(pitch, row)
			if d != nil {
				ADDQ(pitch, errors)
			}
			DECQ(left)
			JNZ(LabelRef(name + "row"))
			for i, v := range sums {
				VMOVUPS(v, Mem{Base: dst, Disp: 4 * lanes * i})
			}
		})
	}
}

func normalize(suffix string, lanes int, vector func() reg.VecVirtual) {
	TEXT("normalize"+suffix, NOSPLIT, normalizeSignature)
	Pragma("noescape")
	Doc("normalize" + suffix + " writes (a - mean)·scale to dst, in so many rows of whole vectors.")
	dst, a := Load(Param("dst"), GP64()), Load(Param("a"), GP64())
	mean, scale := Load(Param("mean"), GP64()), Load(Param("scale"), GP64())
	eachBroadcastRow(lanes, []reg.Register{dst, a}, []reg.Register{mean, scale}, func(of []reg.Register) {
		v := vector()
		VMOVUPS(Mem{Base: a}, v)
		VSUBPS(Mem{Base: of[0]}, v, v)
		VMULPS(Mem{Base: of[1]}, v, v)
		VMOVUPS(v, Mem{Base: dst})
	})
}

func normalizeError(suffix string, lanes int, vector func() reg.VecVirtual) {
	TEXT("normalizeError"+suffix, NOSPLIT, normalizeErrorSignature)
	Pragma("noescape")
	Doc("normalizeError" + suffix + " writes (d - shift - (a - mean)·slope)·scale to dst, in so many rows of whole vectors.")
	dst, d, a := Load(Param("dst"), GP64()), Load(Param("d"), GP64()), Load(Param("a"), GP64())
	mean, scale := Load(Param("mean"), GP64()), Load(Param("scale"), GP64())
	shift, slope := Load(Param("shift"), GP64()), Load(Param("slope"), GP64())
	eachBroadcastRow(lanes, []reg.Register{dst, d, a}, []reg.Register{mean, scale, shift, slope}, func(of []reg.Register) {
		x, v := vector(), vector()
		VMOVUPS(Mem{Base: a}, x)
		VSUBPS(Mem{Base: of[0]}, x, x)
		VMULPS(Mem{Base: of[3]}, x, x)
		VMOVUPS(Mem{Base: d}, v)
		VSUBPS(Mem{Base: of[2]}, v, v)
		VSUBPS(x, v, v)
		VMULPS(Mem{Base: of[1]}, v, v)
		VMOVUPS(v, Mem{Base: dst})
	})
}

// eachBroadcastRow emits body for each vector of each row. Pointers of arrays move on; those of the
// numbers by channel, which body is given, begin anew in each row.
func eachBroadcastRow(lanes int, arrays, channels []reg.Register, body func(of []reg.Register)) {
	rows, width := Load(Param("rows"), GP64()), Load(Param("width"), GP64())
	of, n := make([]reg.Register, len(channels)), GP64()
	for i := range of {
		of[i] = GP64()
	}
	Label("row")
	MOVQ(width, n)
	for i, c := range channels {
		MOVQ(c, of[i])
	}
	loop("loop", lanes, n, append(append([]reg.Register(nil), arrays...), of...), nil, func() { body(of) })
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}
