// Command gen writes the assembly of package simd. Run it by `go generate` in
// the package's folder. It is a module of its own, so that Ergon does not
// depend on the generator.
package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64")
	scale512()
	scale256()
	addScaled512()
	addScaled256()
	axpy512()
	axpy256()
	axpyRows256()
	apply512("apply512", fromUpdates)
	apply256("apply256", fromUpdates)
	apply512("applyOuter512", fromFactors)
	apply256("applyOuter256", fromFactors)
	applyOuterRows512()
	applyOuterRows256()
	extremes256()
	apply512("applyScaledOuter512", fromScaledFactors)
	apply256("applyScaledOuter256", fromScaledFactors)
	applyMasked512()
	applyMasked256()
	optimizers(level512)
	optimizers(level256)
	replaceUnset512()
	replaceUnset256()
	squares("squares512", 8, ZMM, ofNumbers)
	squares("squares256", 4, YMM, ofNumbers)
	squares("squaresOuter512", 8, ZMM, ofOuter)
	squares("squaresOuter256", 4, YMM, ofOuter)
	applyBlock512()
	applyBlock256()
	reaching512()
	below256()
	consolidate512()
	consolidate256()
	transientKernels("512", 16, ZMM, ones512, halves512)
	transientKernels("256", 8, YMM, ones256, halves256)
	tanh := newTanhNumbers()
	metaplastic512(tanh)
	metaplastic256(tanh)
	fade512()
	fade256()
	turn("512", 8, ZMM, YMM, func(wide, to Op) { VCVTPD2PS(wide, to) })
	turn("256", 4, YMM, XMM, func(wide, to Op) { VCVTPD2PSY(wide, to) })
	largest256()
	nonzero512()
	nonzero256()
	nonzeroShort512()
	nonzeroShort256()
	activity512()
	activity256()
	sumRows512()
	sumRows256()
	squaredNorm256()
	prefetch()
	affine512()
	affine256()
	noisy512()
	noisy256()
	e := newExpNumbers()
	exp512(e)
	exp256(e)
	rectify512()
	rectify256()
	rectifyError512()
	rectifyError256()
	normalizeKernels("512", 16, ZMM)
	normalizeKernels("256", 8, YMM)
	dots512()
	dots256()
	dotsShort512()
	squaredDistances512()
	squaredDistances256()
	t := newConstants()
	philox512(t)
	philox256(t)
	within512()
	within256(t)
	l := newLogistic()
	wide, narrow := newCipherWords(t)
	l.at512().sigmoid()
	l.at256().sigmoid()
	l.at512().softplus()
	l.at256().softplus()
	l.at512().bernoulli(wide)
	l.at256().bernoulli(narrow)
	wide.words("512")
	narrow.words("256")
	p := newBoxMuller()
	p.at512().kernel()
	p.at256().kernel()
	q := newQuantiles(t, p)
	q.at512().kernel()
	q.at256().kernel()
	r := newReliability(p)
	r.at512().sigmas()
	r.at256().sigmas()
	r.at512().errors()
	r.at256().errors()
	addProducts512()
	addProducts256()
	addSigns512(t)
	addSigns256(t)
	addBytes256()
	countProducts256()
	drain256()
	countCommon256()
	countCommon512()
	markNonzero256()
	Generate()
}

// tailMask returns the mask of the first n lanes, n below 16.
func tailMask(n reg.Register) reg.OpmaskVirtual {
	bits, rest := GP32(), K()
	MOVL(U32(0xffff), bits)
	BZHIL(n.(reg.GPVirtual).As32(), bits, bits)
	KMOVW(bits, rest)
	return rest
}

// tail emits body for the last of n elements, fewer than 16, where there are any.
func tail(n reg.Register, body func(rest reg.OpmaskVirtual)) {
	TESTQ(n, n)
	JZ(LabelRef("end"))
	body(tailMask(n))
	Label("end")
}

// loop emits body for as long as n, counted in elements, has width left. The
// pointers advance by width float32 each, those of wide by width float64.
func loop(name string, width int, n reg.Register, pointers, wide []reg.Register, body func()) {
	Label(name)
	CMPQ(n, U32(width))
	JLT(LabelRef(name + "done"))
	body()
	for _, p := range pointers {
		ADDQ(U32(4*width), p)
	}
	for _, p := range wide {
		ADDQ(U32(8*width), p)
	}
	SUBQ(U32(width), n)
	JMP(LabelRef(name))
	Label(name + "done")
}

func scale512() { scale("scale512", 16, ZMM) }
func scale256() { scale("scale256", 8, YMM) }

func scale(name string, width int, vector func() reg.VecVirtual) {
	TEXT(name, NOSPLIT, "func(dst, a *float32, x float32, n int)")
	Pragma("noescape")
	Doc(name + " writes x·a[i] to dst[i], for n elements, a multiple of the vector.")
	dst, a := Load(Param("dst"), GP64()), Load(Param("a"), GP64())
	n := Load(Param("n"), GP64())
	x := vector()
	VBROADCASTSS(NewParamAddr("x", 16), x)
	loop("loop", width, n, []reg.Register{dst, a}, nil, func() {
		v := vector()
		VMULPS(Mem{Base: a}, x, v)
		VMOVUPS(v, Mem{Base: dst})
	})
	VZEROUPPER()
	RET()
}

func addScaled512() { addScaled("addScaled512", 16, ZMM) }
func addScaled256() { addScaled("addScaled256", 8, YMM) }

func addScaled(name string, width int, vector func() reg.VecVirtual) {
	TEXT(name, NOSPLIT, "func(dst, a *float32, x float32, n int)")
	Pragma("noescape")
	Doc(name + " adds x·a[i] to dst[i], for n elements, a multiple of the vector.")
	dst, a := Load(Param("dst"), GP64()), Load(Param("a"), GP64())
	n := Load(Param("n"), GP64())
	x := vector()
	VBROADCASTSS(NewParamAddr("x", 16), x)
	loop("loop", width, n, []reg.Register{dst, a}, nil, func() {
		v := vector()
		VMULPS(Mem{Base: a}, x, v) // no fused multiply-add: portable Go must give the same bits
		VADDPS(Mem{Base: dst}, v, v)
		VMOVUPS(v, Mem{Base: dst})
	})
	VZEROUPPER()
	RET()
}

const axpySignature = "func(acc *float64, w *float32, x float64, n int)"

func axpy512() {
	TEXT("axpy512", NOSPLIT, axpySignature)
	Pragma("noescape")
	Doc("axpy512 adds x·w[i] to acc[i] in float64, for n elements.")
	acc, w, x, n := axpyParameters(ZMM)
	loop("loop", 8, n, []reg.Register{w}, []reg.Register{acc}, func() {
		v, sum := ZMM(), ZMM()
		VCVTPS2PD(Mem{Base: w}, v)
		VMOVUPD(Mem{Base: acc}, sum)
		VFMADD231PD(x, v, sum) // the product of two float32 is exact: same bits as multiply and add
		VMOVUPD(sum, Mem{Base: acc})
	})
	tail(n, func(rest reg.OpmaskVirtual) {
		v, sum := ZMM(), ZMM()
		VCVTPS2PD_Z(Mem{Base: w}, rest, v)
		VMOVUPD_Z(Mem{Base: acc}, rest, sum)
		VFMADD231PD(x, v, sum)
		VMOVUPD(sum, rest, Mem{Base: acc})
	})
	VZEROUPPER()
	RET()
}

func axpy256() {
	TEXT("axpy256", NOSPLIT, axpySignature)
	Pragma("noescape")
	Doc("axpy256 adds x·w[i] to acc[i] in float64, for n elements, a multiple of 4.")
	acc, w, x, n := axpyParameters(YMM)
	loop("loop", 4, n, []reg.Register{w}, []reg.Register{acc}, func() {
		v, sum := YMM(), YMM()
		VCVTPS2PD(Mem{Base: w}, v)
		VMOVUPD(Mem{Base: acc}, sum)
		VFMADD231PD(x, v, sum)
		VMOVUPD(sum, Mem{Base: acc})
	})
	VZEROUPPER()
	RET()
}

func axpyParameters(vector func() reg.VecVirtual) (acc, w reg.Register, x reg.VecVirtual, n reg.Register) {
	acc, w = Load(Param("acc"), GP64()), Load(Param("w"), GP64())
	n, x = Load(Param("n"), GP64()), vector()
	VBROADCASTSD(NewParamAddr("x", 16), x)
	return acc, w, x, n
}
