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
	apply512("apply512", fromUpdates)
	apply256("apply256", fromUpdates)
	apply512("applyOuter512", fromFactors)
	apply256("applyOuter256", fromFactors)
	applyMasked512()
	applyMasked256()
	reaching512()
	nonzero512()
	lookUp512()
	t := newConstants()
	philox512(t)
	philox256(t)
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

// nonzero512 counts.
func nonzero512() {
	TEXT("nonzero512", NOSPLIT, "func(x *float32, n int) (count int)")
	Pragma("noescape")
	Doc("nonzero512 counts those of n entries, a multiple of 16, that are not zero.")
	x, n, count := Load(Param("x"), GP64()), Load(Param("n"), GP64()), GP64()
	XORQ(count, count)
	zero := ZMM()
	VPXORD(zero, zero, zero)
	loop("loop", 16, n, []reg.Register{x}, nil, func() {
		k, bits := K(), GP32()
		VCMPPS(U8(notEqual), Mem{Base: x}, zero, k)
		KMOVW(k, bits)
		POPCNTL(bits, bits)
		ADDQ(bits.As64(), count)
	})
	VZEROUPPER()
	Store(count, ReturnIndex(0))
	RET()
}

// lookUp512 gathers.
func lookUp512() {
	TEXT("lookUp512", NOSPLIT, "func(dst *float32, src *byte, table *[256]float32, n int)")
	Pragma("noescape")
	Doc("lookUp512 writes table[src[i]] to dst[i], for n elements, a multiple of 16.")
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	table, n := Load(Param("table"), GP64()), Load(Param("n"), GP64())
	loop("loop", 16, n, []reg.Register{dst}, nil, func() {
		at, v, all := ZMM(), ZMM(), K()
		VPMOVZXBD(Mem{Base: src}, at)
		KXNORW(all, all, all)
		VGATHERDPS(Mem{Base: table, Index: at, Scale: 4}, all, v)
		VMOVUPS(v, Mem{Base: dst})
		ADDQ(U32(16), src)
	})
	VZEROUPPER()
	RET()
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

func axpy512() { axpy("axpy512", 8, ZMM) }
func axpy256() { axpy("axpy256", 4, YMM) }

func axpy(name string, width int, vector func() reg.VecVirtual) {
	TEXT(name, NOSPLIT, "func(acc *float64, w *float32, x float64, n int)")
	Pragma("noescape")
	Doc(name + " adds x·w[i] to acc[i] in float64, for n elements, a multiple of the vector.")
	acc, w := Load(Param("acc"), GP64()), Load(Param("w"), GP64())
	n := Load(Param("n"), GP64())
	x := vector()
	VBROADCASTSD(NewParamAddr("x", 16), x)
	loop("loop", width, n, []reg.Register{w}, []reg.Register{acc}, func() {
		v, sum := vector(), vector()
		VCVTPS2PD(Mem{Base: w}, v)
		VMOVUPD(Mem{Base: acc}, sum)
		VFMADD231PD(x, v, sum) // the product of two float32 is exact: same bits as multiply and add
		VMOVUPD(sum, Mem{Base: acc})
	})
	VZEROUPPER()
	RET()
}

// updates are where the apply kernels have their updates from: for each vector,
// delta·scale of delta, or (x·dz)·minus of dz, rounded in between.
type updates struct {
	signature, doc string
	factors        []int // offsets of the parameters that a vector is multiplied by, in order
	bound          int   // offset of the parameter bound
	tail           bool  // of AVX-512: n need not be a multiple of the vector
}

var (
	fromUpdates = updates{
		"func(w, delta *float32, scale, bound float32, n int, m1 *[8]float64) (m0, stored int)",
		"clips, applies and counts n updates, a multiple of", []int{16}, 20, false,
	}
	fromFactors = updates{
		"func(w, delta *float32, x, minus, bound float32, n int, m1 *[8]float64) (m0, stored int)",
		"computes the updates minus·(x·delta), clips, applies and counts n of them, without AVX-512 a multiple of", []int{16, 20}, 24, true,
	}
)

// update emits d = delta times the factors, one after the other.
func update(delta Op, factors []reg.VecVirtual, d reg.VecVirtual) {
	VMULPS(delta, factors[0], d)
	for _, f := range factors[1:] {
		VMULPS(f, d, d)
	}
}

// broadcast returns the factors, each in all lanes of a vector.
func (u updates) broadcast(vector func() reg.VecVirtual) (factors []reg.VecVirtual) {
	names := map[int]string{}
	if len(u.factors) == 1 {
		names[16] = "scale"
	} else {
		names[16], names[20] = "x", "minus"
	}
	for _, offset := range u.factors {
		f := vector()
		VBROADCASTSS(NewParamAddr(names[offset], offset), f)
		factors = append(factors, f)
	}
	return factors
}

// parameters of the apply kernels.
func applyParameters() (w, delta, n, m1 reg.Register, m0, stored reg.GPVirtual) {
	w, delta = Load(Param("w"), GP64()), Load(Param("delta"), GP64())
	n, m1 = Load(Param("n"), GP64()), Load(Param("m1"), GP64())
	m0, stored = GP64(), GP64()
	XORQ(m0, m0)
	XORQ(stored, stored)
	return w, delta, n, m1, m0, stored
}

func finish(m0, stored reg.Register) {
	VZEROUPPER()
	Store(m0.(reg.GPVirtual), ReturnIndex(0))
	Store(stored.(reg.GPVirtual), ReturnIndex(1))
	RET()
}

const notEqual = 4 // NEQ_UQ: true for NaN, as != is in Go

func apply512(name string, u updates) {
	TEXT(name, NOSPLIT, u.signature)
	Pragma("noescape")
	Doc(name + " " + u.doc + " 16.")
	w, delta, n, m1, m0, stored := applyParameters()
	factors := u.broadcast(ZMM)
	bound, lower, magnitude, zero := ZMM(), ZMM(), ZMM(), ZMM()
	VBROADCASTSS(NewParamAddr("bound", u.bound), bound)
	VPXORD(zero, zero, zero)
	VSUBPS(bound, zero, lower) // 0 - bound
	ones := ZMM()
	VPTERNLOGD(U8(0xff), ones, ones, ones)
	VPSRLD(U8(1), ones, magnitude)
	sum := ZMM()
	VMOVUPD(Mem{Base: m1}, sum)
	count := func(d, before, after reg.VecVirtual) {
		changed, bits := K(), GP32()
		VCMPPS(U8(notEqual), zero, d, changed)
		KMOVW(changed, bits)
		POPCNTL(bits, bits)
		ADDQ(bits.As64(), m0)
		moved, bits2 := K(), GP32()
		VCMPPS(U8(notEqual), before, after, moved)
		KMOVW(moved, bits2)
		POPCNTL(bits2, bits2)
		ADDQ(bits2.As64(), stored)

		low, high, half := ZMM(), ZMM(), YMM()
		VPANDD(magnitude, d, d)
		VCVTPS2PD(d.AsY(), low)
		VEXTRACTF64X4(U8(1), d, half)
		VCVTPS2PD(half, high)
		VADDPD(low, sum, sum)
		VADDPD(high, sum, sum)
	}
	loop("loop", 16, n, []reg.Register{w, delta}, nil, func() {
		d, before, after := ZMM(), ZMM(), ZMM()
		update(Mem{Base: delta}, factors, d)
		VMINPS(d, bound, d) // the second source, here d, is returned if it is NaN
		VMAXPS(d, lower, d)
		VMOVUPS(Mem{Base: w}, before)
		VADDPS(d, before, after)
		VMOVUPS(after, Mem{Base: w})
		count(d, before, after)
	})
	if u.tail {
		TESTQ(n, n)
		JZ(LabelRef("end"))
		rest := tailMask(n)
		d, before, after := ZMM(), ZMM(), ZMM()
		VMULPS_Z(Mem{Base: delta}, factors[0], rest, d)
		VMULPS(factors[1], d, d)
		VMINPS(d, bound, d)
		VMAXPS(d, lower, d)
		VMOVUPS_Z(Mem{Base: w}, rest, before)
		VADDPS(d, before, after)
		VMOVUPS(after, rest, Mem{Base: w})
		count(d, before, after)
		Label("end")
	}
	VMOVUPD(sum, Mem{Base: m1})
	finish(m0, stored)
}

func apply256(name string, u updates) {
	TEXT(name, NOSPLIT, u.signature)
	Pragma("noescape")
	Doc(name + " " + u.doc + " 8.")
	w, delta, n, m1, m0, stored := applyParameters()
	factors := u.broadcast(YMM)
	bound, lower, magnitude, zero := YMM(), YMM(), YMM(), YMM()
	VBROADCASTSS(NewParamAddr("bound", u.bound), bound)
	VXORPS(zero, zero, zero)
	VSUBPS(bound, zero, lower)
	ones := YMM()
	VPCMPEQD(ones, ones, ones)
	VPSRLD(U8(1), ones, magnitude)
	sumLow, sumHigh := YMM(), YMM()
	VMOVUPD(Mem{Base: m1}, sumLow)
	VMOVUPD(Mem{Base: m1, Disp: 32}, sumHigh)
	loop("loop", 8, n, []reg.Register{w, delta}, nil, func() {
		d, before, after := YMM(), YMM(), YMM()
		update(Mem{Base: delta}, factors, d)
		VMINPS(d, bound, d)
		VMAXPS(d, lower, d)
		VMOVUPS(Mem{Base: w}, before)
		VADDPS(d, before, after)
		VMOVUPS(after, Mem{Base: w})

		changed, count := YMM(), GP32()
		VCMPPS(U8(notEqual), zero, d, changed)
		VMOVMSKPS(changed, count)
		POPCNTL(count, count)
		ADDQ(count.As64(), m0)
		moved, count2 := YMM(), GP32()
		VCMPPS(U8(notEqual), before, after, moved)
		VMOVMSKPS(moved, count2)
		POPCNTL(count2, count2)
		ADDQ(count2.As64(), stored)

		low, high, half := YMM(), YMM(), XMM()
		VANDPS(magnitude, d, d)
		VCVTPS2PD(d.AsX(), low)
		VEXTRACTF128(U8(1), d, half)
		VCVTPS2PD(half, high)
		VADDPD(low, sumLow, sumLow)
		VADDPD(high, sumHigh, sumHigh)
	})
	VMOVUPD(sumLow, Mem{Base: m1})
	VMOVUPD(sumHigh, Mem{Base: m1, Disp: 32})
	finish(m0, stored)
}

const maskedSignature = "func(w, gradient *float32, bits *uint64, minus, bound float32, n int, m1 *[8]float64) (m0, stored int)"

// applyMasked512 is apply512 of minus·g where a bit is set.
func applyMasked512() {
	TEXT("applyMasked512", NOSPLIT, maskedSignature)
	Pragma("noescape")
	Doc("applyMasked512 computes the updates minus·g, clips, applies and counts those of n, a multiple of 16, whose bit is set.")
	w, g, bits := Load(Param("w"), GP64()), Load(Param("gradient"), GP64()), Load(Param("bits"), GP64())
	n, m1 := Load(Param("n"), GP64()), Load(Param("m1"), GP64())
	m0, stored := GP64(), GP64()
	XORQ(m0, m0)
	XORQ(stored, stored)
	minus, bound, lower, magnitude, zero, nothing := ZMM(), ZMM(), ZMM(), ZMM(), ZMM(), ZMM()
	VBROADCASTSS(NewParamAddr("minus", 24), minus)
	VBROADCASTSS(NewParamAddr("bound", 28), bound)
	VPXORD(zero, zero, zero)
	VSUBPS(bound, zero, lower)
	ones := ZMM()
	VPTERNLOGD(U8(0xff), ones, ones, ones)
	VPSRLD(U8(1), ones, magnitude)
	VPSLLD(U8(31), ones, nothing) // -0, whose addition changes no number
	sum := ZMM()
	VMOVUPD(Mem{Base: m1}, sum)
	loop("loop", 16, n, []reg.Register{w, g}, nil, func() {
		kept := K()
		KMOVW(Mem{Base: bits}, kept)
		ADDQ(U32(2), bits)
		d, before, after := ZMM(), ZMM(), ZMM()
		VMULPS(Mem{Base: g}, minus, d)
		VMINPS(d, bound, d)
		VMAXPS(d, lower, d)
		VBLENDMPS(d, nothing, kept, d)
		VMOVUPS(Mem{Base: w}, before)
		VADDPS(d, before, after)
		VMOVUPS(after, Mem{Base: w})

		changed, count := K(), GP32()
		VCMPPS(U8(notEqual), zero, d, changed)
		KMOVW(changed, count)
		POPCNTL(count, count)
		ADDQ(count.As64(), m0)
		moved, count2 := K(), GP32()
		VCMPPS(U8(notEqual), before, after, kept, moved)
		KMOVW(moved, count2)
		POPCNTL(count2, count2)
		ADDQ(count2.As64(), stored)

		low, high, half := ZMM(), ZMM(), YMM()
		VPANDD(magnitude, d, d)
		VCVTPS2PD(d.AsY(), low)
		VEXTRACTF64X4(U8(1), d, half)
		VCVTPS2PD(half, high)
		VADDPD(low, sum, sum)
		VADDPD(high, sum, sum)
	})
	VMOVUPD(sum, Mem{Base: m1})
	finish(m0, stored)
}

func applyMasked256() {
	TEXT("applyMasked256", NOSPLIT, maskedSignature)
	Pragma("noescape")
	Doc("applyMasked256 computes the updates minus·g, clips, applies and counts those of n, a multiple of 8, whose bit is set.")
	w, g, bits := Load(Param("w"), GP64()), Load(Param("gradient"), GP64()), Load(Param("bits"), GP64())
	n, m1 := Load(Param("n"), GP64()), Load(Param("m1"), GP64())
	m0, stored := GP64(), GP64()
	XORQ(m0, m0)
	XORQ(stored, stored)
	minus, bound, lower, magnitude, zero, nothing := YMM(), YMM(), YMM(), YMM(), YMM(), YMM()
	VBROADCASTSS(NewParamAddr("minus", 24), minus)
	VBROADCASTSS(NewParamAddr("bound", 28), bound)
	VXORPS(zero, zero, zero)
	VSUBPS(bound, zero, lower)
	ones, single := YMM(), YMM()
	VPCMPEQD(ones, ones, ones)
	VPSRLD(U8(1), ones, magnitude)
	VPSLLD(U8(31), ones, nothing)
	eachBit := GLOBL("eachBit", RODATA|NOPTR)
	for i := range 8 {
		DATA(4*i, U32(1<<i))
	}
	VMOVDQU(eachBit, single)
	sumLow, sumHigh := YMM(), YMM()
	VMOVUPD(Mem{Base: m1}, sumLow)
	VMOVUPD(Mem{Base: m1, Disp: 32}, sumHigh)
	loop("loop", 8, n, []reg.Register{w, g}, nil, func() {
		byteOf, kept := XMM(), YMM()
		VPXOR(byteOf, byteOf, byteOf)
		VPINSRB(U8(0), Mem{Base: bits}, byteOf, byteOf)
		INCQ(bits)
		VPBROADCASTD(byteOf, kept)
		VPAND(single, kept, kept)
		VPCMPEQD(single, kept, kept)
		d, before, after := YMM(), YMM(), YMM()
		VMULPS(Mem{Base: g}, minus, d)
		VMINPS(d, bound, d)
		VMAXPS(d, lower, d)
		VBLENDVPS(kept, d, nothing, d)
		VMOVUPS(Mem{Base: w}, before)
		VADDPS(d, before, after)
		VMOVUPS(after, Mem{Base: w})

		changed, count := YMM(), GP32()
		VCMPPS(U8(notEqual), zero, d, changed)
		VMOVMSKPS(changed, count)
		POPCNTL(count, count)
		ADDQ(count.As64(), m0)
		moved, count2 := YMM(), GP32()
		VCMPPS(U8(notEqual), before, after, moved)
		VANDPS(kept, moved, moved)
		VMOVMSKPS(moved, count2)
		POPCNTL(count2, count2)
		ADDQ(count2.As64(), stored)

		low, high, half := YMM(), YMM(), XMM()
		VANDPS(magnitude, d, d)
		VCVTPS2PD(d.AsX(), low)
		VEXTRACTF128(U8(1), d, half)
		VCVTPS2PD(half, high)
		VADDPD(low, sumLow, sumLow)
		VADDPD(high, sumHigh, sumHigh)
	})
	VMOVUPD(sumLow, Mem{Base: m1})
	VMOVUPD(sumHigh, Mem{Base: m1, Disp: 32})
	finish(m0, stored)
}

// reaching512 lists the numbers whose magnitude is large.
func reaching512() {
	TEXT("reaching512", NOSPLIT, "func(values *float32, n int, flip, threshold, first uint32, places *int32) (count int)")
	Pragma("noescape")
	Doc("reaching512 writes to places the numbers, from first on, of those of n values, a multiple of 16, whose bits without",
		"the sign, turned by flip, are at least threshold, and up to 16 entries more that mean nothing.")
	values, n := Load(Param("values"), GP64()), Load(Param("n"), GP64())
	places, count := Load(Param("places"), GP64()), GP64()
	XORQ(count, count)
	flip, threshold, magnitude, number, step := ZMM(), ZMM(), ZMM(), ZMM(), ZMM()
	VPBROADCASTD(Load(Param("flip"), GP32()), flip)
	VPBROADCASTD(Load(Param("threshold"), GP32()), threshold)
	VPBROADCASTD(Load(Param("first"), GP32()), number)
	VPTERNLOGD(U8(0xff), magnitude, magnitude, magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	ascending := GLOBL("ascending", RODATA|NOPTR)
	for i := range 16 {
		DATA(4*i, U32(i))
	}
	VPADDD(ascending, number, number)
	sixteen := GP32()
	MOVL(U32(16), sixteen)
	VPBROADCASTD(sixteen, step)
	loop("loop", 16, n, []reg.Register{values}, nil, func() {
		key, listed, k, bits := ZMM(), ZMM(), K(), GP32()
		VPANDD(Mem{Base: values}, magnitude, key)
		VPXORD(flip, key, key)
		VPCMPUD(U8(5), threshold, key, k) // not less
		KMOVW(k, bits)
		VPCOMPRESSD_Z(number, k, listed)
		VMOVDQU32(listed, Mem{Base: places, Index: count, Scale: 4})
		POPCNTL(bits, bits)
		ADDQ(bits.As64(), count)
		VPADDD(step, number, number)
	})
	VZEROUPPER()
	Store(count, ReturnIndex(0))
	RET()
}
