package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels of the updates that optimizers make of gradients. No product is fused with a sum.

// level is how wide the vectors of a level are, and what works on them.
type level struct {
	name   string // what kernels' names end with
	lanes  int
	vector func() reg.VecVirtual
	ones   func(v reg.VecVirtual)
	and    func(a, b, to Op)
	or     func(a, b, to Op)
	xor    func(a, b, to Op)
}

var (
	level512 = level{
		"512", 16, ZMM, ones512,
		func(a, b, to Op) { VPANDD(a, b, to) }, func(a, b, to Op) { VPORD(a, b, to) }, func(a, b, to Op) { VPXORD(a, b, to) },
	}
	level256 = level{
		"256", 8, YMM, ones256,
		func(a, b, to Op) { VPAND(a, b, to) }, func(a, b, to Op) { VPOR(a, b, to) }, func(a, b, to Op) { VPXOR(a, b, to) },
	}
)

// optimizers emits the kernels of a level.
func optimizers(l level) {
	l.momentum()
	l.adam()
	l.scaledSum()
	l.signs()
	l.flips()
}

// elementwise emits a kernel that works on n elements, a multiple of the vector, of the arrays
// that are its first parameters. set loads the others, and body works on a vector at each array.
func (l level) elementwise(name, signature, doc string, arrays []string, set func(), body func(at []Mem)) {
	TEXT(name+l.name, NOSPLIT, signature)
	Pragma("noescape")
	Doc(name + l.name + " " + doc + ", for n elements, a multiple of the vector.")
	var pointers []reg.Register
	var at []Mem
	for _, a := range arrays {
		p := Load(Param(a), GP64())
		pointers, at = append(pointers, p), append(at, Mem{Base: p})
	}
	n := Load(Param("n"), GP64())
	set()
	loop("loop", l.lanes, n, pointers, nil, func() { body(at) })
	VZEROUPPER()
	RET()
}

// all returns a float32 in memory in all lanes.
func (l level) all(m Mem) reg.VecVirtual {
	v := l.vector()
	VBROADCASTSS(m, v)
	return v
}

// load returns a vector that lies in memory.
func (l level) load(m Mem) reg.VecVirtual {
	v := l.vector()
	VMOVUPS(m, v)
	return v
}

// sign returns the bit that is the sign of a float32, in all lanes.
func (l level) sign() reg.VecVirtual {
	v := l.vector()
	l.ones(v)
	VPSLLD(U8(31), v, v)
	return v
}

func (l level) momentum() {
	var decay, factor reg.VecVirtual
	l.elementwise("momentum", "func(delta, v, gradient *float32, decay, factor float32, n int)",
		"makes v decay·v + g, and delta factor·v", []string{"delta", "v", "gradient"},
		func() { decay, factor = l.all(NewParamAddr("decay", 24)), l.all(NewParamAddr("factor", 28)) },
		func(at []Mem) {
			v := l.vector()
			VMULPS(at[1], decay, v)
			VADDPS(at[2], v, v)
			VMOVUPS(v, at[1])
			VMULPS(v, factor, v)
			VMOVUPS(v, at[0])
		})
}

func (l level) adam() {
	var r [7]reg.VecVirtual
	l.elementwise("adam", "func(delta, m, v, gradient *float32, rates *[7]float32, n int)",
		"moves the means m and v of g and g², and makes delta factor·m/(√(scale·v) + small)", []string{"delta", "m", "v", "gradient"},
		func() {
			rates := Load(Param("rates"), GP64())
			for i := range r {
				r[i] = l.all(Mem{Base: rates, Disp: 4 * i})
			}
		},
		func(at []Mem) {
			beta1, beta2, rest1, rest2, factor, scale, small := r[0], r[1], r[2], r[3], r[4], r[5], r[6]
			g, m, v, new := l.load(at[3]), l.vector(), l.vector(), l.vector()
			VMULPS(at[1], beta1, m)
			VMULPS(g, rest1, new)
			VADDPS(new, m, m)
			VMOVUPS(m, at[1])
			VMULPS(g, g, g)
			VMULPS(g, rest2, g)
			VMULPS(at[2], beta2, v)
			VADDPS(g, v, v)
			VMOVUPS(v, at[2])
			VMULPS(v, scale, v)
			VSQRTPS(v, v)
			VADDPS(small, v, v)
			VMULPS(m, factor, m)
			VDIVPS(v, m, m)
			VMOVUPS(m, at[0])
		})
}

func (l level) scaledSum() {
	var x, y reg.VecVirtual
	l.elementwise("scaledSum", "func(dst, a *float32, x, y float32, n int)",
		"replaces dst by x·a + y·dst", []string{"dst", "a"},
		func() { x, y = l.all(NewParamAddr("x", 16)), l.all(NewParamAddr("y", 20)) },
		func(at []Mem) {
			v, kept := l.vector(), l.vector()
			VMULPS(at[1], x, v)
			VMULPS(at[0], y, kept)
			VADDPS(kept, v, v)
			VMOVUPS(v, at[0])
		})
}

func (l level) signs() {
	var step, threshold, sign reg.VecVirtual
	l.elementwise("signs", "func(delta, gradient *float32, step, threshold float32, n int)",
		"makes delta -step·sgn(g) where |g| is above the threshold, and 0 elsewhere", []string{"delta", "gradient"},
		func() {
			step, threshold, sign = l.all(NewParamAddr("step", 16)), l.all(NewParamAddr("threshold", 20)), l.sign()
		},
		func(at []Mem) {
			d, size := l.load(at[1]), l.vector()
			l.or(sign, d, size)
			l.xor(sign, size, size)       // |g|: its bits ascend with it
			VPSUBD(size, threshold, size) // negative where |g| is above
			VPSRAD(U8(31), size, size)    // all bits there, none elsewhere
			l.xor(sign, d, d)             // the sign of -g
			l.and(sign, d, d)             // and nothing else
			l.or(step, d, d)
			l.and(size, d, d)
			VMOVUPS(d, at[0])
		})
}

func (l level) flips() {
	var rest, gamma, threshold, sign, zero, double reg.VecVirtual
	l.elementwise("flips", "func(delta, m, w, gradient *float32, rest, gamma, threshold float32, n int)",
		"makes m rest·m + gamma·g, and delta -2w where sgn(w)·m is above the threshold and w not 0, else 0", []string{"delta", "m", "w", "gradient"},
		func() {
			rest, gamma, threshold = l.all(NewParamAddr("rest", 32)), l.all(NewParamAddr("gamma", 36)), l.all(NewParamAddr("threshold", 40))
			sign, zero, double = l.sign(), l.vector(), l.vector()
			l.xor(zero, zero, zero)
			l.ones(double)
			VPSLLD(U8(30), double, double) // -2
		},
		func(at []Mem) {
			m, new, weight := l.vector(), l.vector(), l.load(at[2])
			VMULPS(at[1], rest, m)
			VMULPS(at[3], gamma, new)
			VADDPS(new, m, m)
			VMOVUPS(m, at[1])
			l.and(weight, sign, new)
			l.xor(new, m, m) // sgn(w)·m
			l.where(m, threshold, weight, zero, func(keep func(v reg.VecVirtual)) {
				VMULPS(weight, double, weight)
				keep(weight)
			})
			VMOVUPS(weight, at[0])
		})
}

// where emits body, which may keep of a vector what lies where a > least and b ≠ zero.
func (l level) where(a, least, b, zero reg.VecVirtual, body func(keep func(v reg.VecVirtual))) {
	if l.lanes == 16 {
		above, both := K(), K()
		VCMPPS(U8(greater), least, a, above)
		VCMPPS(U8(notEqual), zero, b, above, both)
		body(func(v reg.VecVirtual) { VMOVAPS_Z(v, both, v) })
		return
	}
	above, other := l.vector(), l.vector()
	VCMPPS(U8(greater), least, a, above)
	VCMPPS(U8(notEqual), zero, b, other)
	body(func(v reg.VecVirtual) {
		VANDPS(above, v, v)
		VANDPS(other, v, v)
	})
}
