package main

import (
	"fmt"
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Logistic kernels in float32; logistic.go and bernoulli.go of package simd, which have the
// same numbers, say how.
const (
	faintest   = -104
	ln2High32  = 0xb172p-16
	integers32 = 1<<23 + 1<<22
	raise      = 64
	bias32     = 127 + raise

	notBelow = 0x1d // GE_OQ: false for NaN, as >= is in Go
	notAbove = 0x12 // LE_OQ
	downward = 9    // of VROUNDPS and VRNDSCALEPS: to the integer below
)

// group is how many vectors the kernels compute side by side, stage by stage: each is one
// long chain of instructions that wait for each other.
const group = 4

// vectors4 are the vectors of a group.
type vectors4 [group]reg.VecVirtual

// logistic writes the kernels at one level. The numbers are in memory, in each lane of the
// widest vector.
type logistic struct {
	name   string // of the level
	lanes  int
	new    func() reg.VecVirtual
	halves func(v reg.VecVirtual) halves

	sign, zero, half, one, wideOne, integerOne, wordInterval Mem

	faintest, log2e, shift, ln2High, ln2Low, lowered Mem
	even, odd                                        []Mem // 1/6! … 1/2!, 1/7! … 1/3!
}

func newLogistic() (l logistic) {
	number := func(name string, x float32) Mem {
		return table(name, func(int) uint32 { return math.Float32bits(x) })
	}
	l.sign, l.zero = number("signZero", float32(math.Copysign(0, -1))), number("zero", 0)
	l.half, l.one = number("half", 0.5), number("one", 1)
	l.wideOne = table("wideOne", func(i int) uint32 { return uint32(math.Float64bits(1) >> (32 * (i % 2))) })
	l.integerOne, l.wordInterval = table("integerOne", func(int) uint32 { return 1 }), number("wordInterval", 1<<32)
	l.faintest, l.log2e, l.shift = number("faintest", faintest), number("log2e", math.Log2E), number("shift", integers32+bias32)
	l.ln2High, l.ln2Low, l.lowered = number("ln2High", ln2High32), number("ln2Low", math.Ln2-ln2High32), number("lowered", 1.0/(1<<raise))
	for n := 6; n >= 2; n -= 2 {
		l.even = append(l.even, number(fmt.Sprint("even", n), float32(1/math.Gamma(float64(n+1)))))
		l.odd = append(l.odd, number(fmt.Sprint("odd", n+1), float32(1/math.Gamma(float64(n+2)))))
	}
	return l
}

func (l logistic) at512() logistic {
	l.name, l.lanes, l.new, l.halves = "512", 16, ZMM, halves512
	return l
}

func (l logistic) at256() logistic {
	l.name, l.lanes, l.new, l.halves = "256", 8, YMM, halves256
	return l
}

// at returns vector i behind an address.
func (l logistic) at(base reg.Register, i int) Mem { return Mem{Base: base, Disp: 4 * l.lanes * i} }

func (l logistic) sigmoid() {
	name := "sigmoid" + l.name
	TEXT(name, NOSPLIT, "func(dst, z *float32, n int)")
	Pragma("noescape")
	Doc(name + " writes 1/(1+e^-z) of n numbers, a multiple of four vectors, to dst.")
	dst, z, n := Load(Param("dst"), GP64()), Load(Param("z"), GP64()), Load(Param("n"), GP64())
	loop("loop", group*l.lanes, n, []reg.Register{dst, z}, nil, func() {
		for i, e := range l.decays(z) {
			share := l.share(e)
			l.oneAbove(l.at(z, i), e)
			VMULPS(e, share, share)
			VSUBPS(share, e, e)
			VMOVUPS(e, l.at(dst, i))
		}
	})
	VZEROUPPER()
	RET()
}

func (l logistic) softplus() {
	name := "softplus" + l.name
	TEXT(name, NOSPLIT, "func(z *float32, n int, sums, products *[8]float64)")
	Pragma("noescape")
	Doc(name + " adds max(z, 0) of n numbers, a multiple of four vectors, to sums, and multiplies products by 1+e^-|z|, number i in lane i mod 8.")
	z, n := Load(Param("z"), GP64()), Load(Param("n"), GP64())
	sums, products := l.newLanes8("sums"), l.newLanes8("products")
	loop("loop", group*l.lanes, n, []reg.Register{z}, nil, func() {
		for i, e := range l.decays(z) {
			above := l.new()
			VXORPS(above, above, above)
			VMAXPS(l.at(z, i), above, above) // the second source is returned if it is NaN
			for h, half := range l.halves(above) {
				wide := l.new()
				VCVTPS2PD(half, wide)
				VADDPD(wide, sums.half[h], sums.half[h])
			}
			for h, half := range l.halves(e) {
				wide := l.new()
				VCVTPS2PD(half, wide)
				VADDPD(l.wideOne, wide, wide)
				VMULPD(wide, products.half[h], products.half[h])
			}
		}
	})
	sums.store()
	products.store()
	VZEROUPPER()
	RET()
}

// lanes8 are eight numbers in float64, in the same register twice where it has all.
type lanes8 struct {
	at   reg.Register
	half [2]reg.VecVirtual
}

// newLanes8 loads the lanes that a parameter points to.
func (l logistic) newLanes8(parameter string) lanes8 {
	s := lanes8{at: Load(Param(parameter), GP64())}
	for h := range s.half {
		if h == 0 || l.lanes == 8 {
			s.half[h] = l.new()
			VMOVUPD(Mem{Base: s.at, Disp: 32 * h}, s.half[h])
		} else {
			s.half[h] = s.half[0]
		}
	}
	return s
}

func (s lanes8) store() {
	VMOVUPD(s.half[0], Mem{Base: s.at})
	if s.half[1] != s.half[0] {
		VMOVUPD(s.half[1], Mem{Base: s.at, Disp: 32})
	}
}

// decays emits e^-|z| of the group at z, step by step as decay of package simd.
func (l logistic) decays(z reg.Register) (e vectors4) {
	var shifted vectors4
	limit := l.new()
	VMOVUPS(l.faintest, limit)
	for i := range e {
		e[i], shifted[i] = l.new(), l.new()
		VMOVUPS(l.sign, e[i])
		VORPS(l.at(z, i), e[i], e[i])
		VMAXPS(e[i], limit, e[i]) // the second source, here e[i], is returned if it is NaN
		l.reduce(e[i], shifted[i])
	}
	for i := range e {
		e[i] = l.exponential(e[i])
	}
	for i := range e {
		VMULPS(shifted[i], e[i], e[i])
		VMULPS(l.lowered, e[i], e[i])
	}
	return e
}

// reduce emits the numbers r and, in shifted, 2^(k+raise), for x = r + k ln 2.
func (l logistic) reduce(x, shifted reg.VecVirtual) {
	k, part := l.new(), l.new()
	VMULPS(l.log2e, x, shifted)
	VADDPS(l.shift, shifted, shifted)
	VSUBPS(l.shift, shifted, k)
	VMULPS(l.ln2High, k, part) // no fused multiply-add: portable Go must give the same bits
	VSUBPS(part, x, x)
	VMULPS(l.ln2Low, k, part)
	VSUBPS(part, x, x)
	VPSLLD(U8(23), shifted, shifted)
}

// exponential emits e^r by its series.
func (l logistic) exponential(r reg.VecVirtual) reg.VecVirtual {
	square, even, odd := l.new(), l.new(), l.new()
	VMULPS(r, r, square)
	VMOVUPS(l.even[0], even)
	VMOVUPS(l.odd[0], odd)
	for i := range l.even[1:] {
		VMULPS(square, even, even)
		VMULPS(square, odd, odd)
		VADDPS(l.even[1+i], even, even)
		VADDPS(l.odd[1+i], odd, odd)
	}
	VMULPS(r, odd, odd)
	VADDPS(odd, even, even)
	VMULPS(square, even, even)
	VADDPS(r, even, even)
	VADDPS(l.one, even, even)
	return even
}

// share emits e/(1+e).
func (l logistic) share(e reg.VecVirtual) reg.VecVirtual {
	sum := l.new()
	VADDPS(l.one, e, sum)
	VDIVPS(sum, e, sum)
	return sum
}

// oneAbove emits e = 1 where z is above zero. At ±0 it is 1 anyway; where z is NaN it may
// be either.
func (l logistic) oneAbove(z Mem, e reg.VecVirtual) {
	if l.lanes == 16 {
		zero, above := l.new(), K()
		VXORPS(zero, zero, zero)
		VCMPPS(U8(notAbove), z, zero, above)
		VMOVUPS(l.one, above, e)
		return
	}
	one, sign := l.new(), l.new()
	VMOVUPS(l.one, one)
	VMOVUPS(z, sign)
	VBLENDVPS(sign, e, one, e)
}

// bernoulli writes the kernel of Bernoulli with words of the cipher.
func (l logistic) bernoulli(c cipherWords) {
	name := "bernoulli" + l.name
	TEXT(name, NOSPLIT, "func(x, fields *float32, n int, key0, key1, block, step0, step1 uint32)")
	Pragma("noescape")
	Doc(name + " draws n numbers, a multiple of four vectors, with the words from block on.")
	x, fields, n := Load(Param("x"), GP64()), Load(Param("fields"), GP64()), Load(Param("n"), GP64())
	draw, blocks, words := l.draw256, c.first(32), AllocLocal(4*l.lanes*group)
	if l.lanes == 16 {
		draw = l.draw512
	}
	loop("loop", group*l.lanes, n, []reg.Register{x, fields}, nil, func() {
		for i, w := range c.next(blocks, 24) {
			VMOVUPS(w, words.Offset(4*l.lanes*i))
		}
		for i, e := range l.decays(fields) {
			r := l.scaled(e)
			draw(l.at(fields, i), words.Offset(4*l.lanes*i), r)
			VMOVUPS(r, l.at(x, i))
		}
	})
	VZEROUPPER()
	RET()
}

// scaled emits 2³²·e/(1+e), zero where e is NaN.
func (l logistic) scaled(e reg.VecVirtual) reg.VecVirtual {
	r, zero := l.share(e), l.new()
	VMULPS(e, r, r)
	VSUBPS(r, e, r)
	VMULPS(l.wordInterval, r, r)
	VXORPS(zero, zero, zero)
	VMAXPS(zero, r, r) // the second source, zero, is returned if r is NaN
	return r
}

// draw512 emits, in the place of r = 2³²·e/(1+e), the number drawn given a field and its
// word w: 1 where w+½ < r, or above zero, with the word complemented, where not. In integers
// that is w < ⌊r⌋, or ⌊r⌋+1 where more than ½ is cut off. They are at most 2³¹.
func (l logistic) draw512(field, word Mem, r reg.VecVirtual) {
	w, zero, ones, floor, above, up, below := ZMM(), ZMM(), ZMM(), ZMM(), K(), K(), K()
	VXORPS(zero, zero, zero)
	ones512(ones)
	VCMPPS(U8(notAbove), field, zero, above)
	VMOVUPS(word, w)
	VPXORD(ones, w, above, w)
	VRNDSCALEPS(U8(downward), r, floor)
	VSUBPS(floor, r, r)
	VCMPPS(U8(greater), l.half, r, up)
	VCVTTPS2DQ(floor, floor) // 2³¹ gives the bits of -2³¹, the same
	VPADDD(l.integerOne, floor, up, floor)
	VPCMPUD(U8(1), floor, w, below) // w < floor
	KXORW(above, below, below)
	VMOVUPS_Z(l.one, below, r)
}

// draw256 is draw512 with masks in vectors. AVX2 compares signed numbers only: the sign
// bits of both are turned.
func (l logistic) draw256(field, word Mem, r reg.VecVirtual) {
	above, w, floor := YMM(), YMM(), YMM()
	VXORPS(above, above, above)
	VCMPPS(U8(notAbove), field, above, above)
	VPXOR(word, above, w)
	VPXOR(l.sign, w, w)
	VROUNDPS(U8(downward), r, floor)
	VSUBPS(floor, r, r)
	VCMPPS(U8(greater), l.half, r, r)
	VCVTTPS2DQ(floor, floor)
	VPSUBD(r, floor, floor)
	VPXOR(l.sign, floor, floor)
	VPCMPGTD(w, floor, r) // floor > w
	VPXOR(above, r, r)
	VANDPS(l.one, r, r)
}
