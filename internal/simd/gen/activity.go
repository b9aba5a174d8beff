package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that count and add up what is not zero.

// nonzero512 counts.
func nonzero512() {
	TEXT("nonzero512", NOSPLIT, "func(x *float32, n int) (count int)")
	Pragma("noescape")
	Doc("nonzero512 counts those of n entries that are not zero.")
	x, n, count := Load(Param("x"), GP64()), Load(Param("n"), GP64()), GP64()
	XORQ(count, count)
	zero := ZMM()
	VPXORD(zero, zero, zero)
	loop("loop", 16, n, []reg.Register{x}, nil, func() {
		k := K()
		VCMPPS(U8(notEqual), Mem{Base: x}, zero, k)
		addBits(k, count)
	})
	tail(n, func(rest reg.OpmaskVirtual) {
		v, k := ZMM(), K()
		VMOVUPS_Z(Mem{Base: x}, rest, v)
		VCMPPS(U8(notEqual), v, zero, k)
		addBits(k, count)
	})
	VZEROUPPER()
	Store(count, ReturnIndex(0))
	RET()
}

func nonzero256() {
	TEXT("nonzero256", NOSPLIT, "func(x *float32, n int) (count int)")
	Pragma("noescape")
	Doc("nonzero256 counts those of n entries, a multiple of 8, that are not zero.")
	x, n, count := Load(Param("x"), GP64()), Load(Param("n"), GP64()), GP64()
	XORQ(count, count)
	zero := YMM()
	VXORPS(zero, zero, zero)
	loop("loop", 8, n, []reg.Register{x}, nil, func() {
		different := YMM()
		VCMPPS(U8(notEqual), Mem{Base: x}, zero, different)
		addSigns(different, count)
	})
	VZEROUPPER()
	Store(count, ReturnIndex(0))
	RET()
}

const shortSignature = "func(counts *int32, x *float32, width int, rows int)"

// nonzeroShort512 counts in each of many rows, one masked vector at a time.
func nonzeroShort512() {
	TEXT("nonzeroShort512", NOSPLIT, shortSignature)
	Pragma("noescape")
	Doc("nonzeroShort512 counts, in each of the rows of up to 16 numbers, those that are not zero.")
	width := Load(Param("width"), GP64())
	rest, zero := tailMask(width), ZMM()
	VPXORD(zero, zero, zero)
	eachShort(width, func(x, count reg.GPVirtual) {
		v, k := ZMM(), K()
		VMOVUPS_Z(Mem{Base: x}, rest, v)
		VCMPPS(U8(notEqual), v, zero, k)
		KMOVW(k, count.As32())
	})
}

func nonzeroShort256() {
	TEXT("nonzeroShort256", NOSPLIT, shortSignature)
	Pragma("noescape")
	Doc("nonzeroShort256 counts, in each of the rows of up to 8 numbers, those that are not zero.")
	width, bits, x := Load(Param("width"), GP64()), GP32(), XMM()
	rest, lane, zero := YMM(), YMM(), YMM()
	MOVL(U32(0xff), bits)
	BZHIL(width.(reg.GPVirtual).As32(), bits, bits)
	VMOVD(bits, x)
	VPBROADCASTD(x, rest)
	VMOVDQU(powers(), lane)
	VPAND(lane, rest, rest)
	VPCMPEQD(lane, rest, rest)
	VXORPS(zero, zero, zero)
	eachShort(width, func(x, count reg.GPVirtual) {
		v := YMM()
		VMASKMOVPS(Mem{Base: x}, rest, v)
		VCMPPS(U8(notEqual), v, zero, v)
		VMOVMSKPS(v, count.As32())
	})
}

// powers are the bits of eight lanes, 1 to 128.
func powers() Mem {
	bits := GLOBL("powers", RODATA|NOPTR)
	for i := range 8 {
		DATA(4*i, U32(1<<i))
	}
	return bits
}

// eachShort emits a loop over rows, of each of which bits fetches a bit for each
// number that is not zero.
func eachShort(width reg.Register, bits func(x, count reg.GPVirtual)) {
	counts, x, rows := Load(Param("counts"), GP64()), Load(Param("x"), GP64()).(reg.GPVirtual), Load(Param("rows"), GP64())
	Label("row")
	count := GP64()
	bits(x, count)
	POPCNTL(count.As32(), count.As32())
	MOVL(count.As32(), Mem{Base: counts})
	ADDQ(U32(4), counts)
	LEAQ(Mem{Base: x, Index: width, Scale: 4}, x)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

// addBits adds the number of bits of k to count.
func addBits(k reg.OpmaskVirtual, count reg.GPVirtual) {
	bits := GP32()
	KMOVW(k, bits)
	POPCNTL(bits, bits)
	ADDQ(bits.As64(), count)
}

// addSigns adds the number of lanes of v whose highest bit is set to count.
func addSigns(v reg.VecVirtual, count reg.GPVirtual) {
	bits := GP32()
	VMOVMSKPS(v, bits)
	POPCNTL(bits, bits)
	ADDQ(bits.As64(), count)
}

const activitySignature = "func(y *float32, n int, lanes *[16]float64) (count int)"

// activity512 counts and adds up.
func activity512() {
	TEXT("activity512", NOSPLIT, activitySignature)
	Pragma("noescape")
	Doc("activity512 counts those of n entries that are not zero, and adds |y[i]| to lane i mod 16.")
	y, n := Load(Param("y"), GP64()), Load(Param("n"), GP64())
	lanes, count := Load(Param("lanes"), GP64()), GP64()
	XORQ(count, count)
	zero, magnitude := ZMM(), ZMM()
	VPXORD(zero, zero, zero)
	VPTERNLOGD(U8(0xff), magnitude, magnitude, magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	sums := [2]reg.VecVirtual{ZMM(), ZMM()}
	VMOVUPD(Mem{Base: lanes}, sums[0])
	VMOVUPD(Mem{Base: lanes, Disp: 64}, sums[1])
	add := func(v reg.VecVirtual) {
		low, high, half, k := ZMM(), ZMM(), YMM(), K()
		VCMPPS(U8(notEqual), zero, v, k)
		addBits(k, count)
		VPANDD(magnitude, v, v)
		VCVTPS2PD(v.AsY(), low)
		VEXTRACTF64X4(U8(1), v, half)
		VCVTPS2PD(half, high)
		VADDPD(low, sums[0], sums[0])
		VADDPD(high, sums[1], sums[1])
	}
	loop("loop", 16, n, []reg.Register{y}, nil, func() {
		v := ZMM()
		VMOVUPS(Mem{Base: y}, v)
		add(v)
	})
	tail(n, func(rest reg.OpmaskVirtual) {
		v := ZMM()
		VMOVUPS_Z(Mem{Base: y}, rest, v)
		add(v)
	})
	VMOVUPD(sums[0], Mem{Base: lanes})
	VMOVUPD(sums[1], Mem{Base: lanes, Disp: 64})
	VZEROUPPER()
	Store(count, ReturnIndex(0))
	RET()
}

func activity256() {
	TEXT("activity256", NOSPLIT, activitySignature)
	Pragma("noescape")
	Doc("activity256 counts those of n entries, a multiple of 16, that are not zero, and adds |y[i]| to lane i mod 16.")
	y, n := Load(Param("y"), GP64()), Load(Param("n"), GP64())
	lanes, count := Load(Param("lanes"), GP64()), GP64()
	XORQ(count, count)
	zero, magnitude := YMM(), YMM()
	VXORPS(zero, zero, zero)
	VPCMPEQD(magnitude, magnitude, magnitude)
	VPSRLD(U8(1), magnitude, magnitude)
	sums := [4]reg.VecVirtual{YMM(), YMM(), YMM(), YMM()}
	for i, sum := range sums {
		VMOVUPD(Mem{Base: lanes, Disp: 32 * i}, sum)
	}
	loop("loop", 16, n, []reg.Register{y}, nil, func() {
		for i := range 2 {
			v, different, low, high, half := YMM(), YMM(), YMM(), YMM(), XMM()
			VMOVUPS(Mem{Base: y, Disp: 32 * i}, v)
			VCMPPS(U8(notEqual), zero, v, different)
			addSigns(different, count)
			VANDPS(magnitude, v, v)
			VCVTPS2PD(v.AsX(), low)
			VEXTRACTF128(U8(1), v, half)
			VCVTPS2PD(half, high)
			VADDPD(low, sums[2*i], sums[2*i])
			VADDPD(high, sums[2*i+1], sums[2*i+1])
		}
	})
	for i, sum := range sums {
		VMOVUPD(sum, Mem{Base: lanes, Disp: 32 * i})
	}
	VZEROUPPER()
	Store(count, ReturnIndex(0))
	RET()
}
