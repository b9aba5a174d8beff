package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// tanh z in float64 of z ≥ 0, by the operations of math.Tanh and, on a processor with fused multiply-add, math.Exp.

// double is a number of float64 in memory.
func double(name string, x float64) Mem {
	m := GLOBL(name, RODATA|NOPTR)
	DATA(0, U64(math.Float64bits(x)))
	return m
}

// doubles are vectors of float64 at one level.
type doubles struct {
	new func() reg.VecVirtual
	n   *tanhNumbers
}

// tanhNumbers are the numbers of tanh, each once in memory.
type tanhNumbers struct {
	p, q                               [3]Mem // of the rational function below 0.625
	rational, largest, one, two, share Mem
	log2e, ln2High, ln2Low             Mem
	series                             []Mem // 1/8! … 1/2!, 1
	exponentBias                       Mem
}

func newTanhNumbers() *tanhNumbers {
	n := &tanhNumbers{
		rational: double("tanhRational", 0.625), largest: double("tanhLargest", 88.029691931113054295988),
		one: double("tanhOne", 1), two: double("tanhTwo", 2), share: double("tanhShare", 0.0625),
		log2e: double("tanhLog2e", 1.4426950408889634073599246810018920),
		// Of two parts of ln 2, the first has zeros at its end.
		ln2High: double("tanhLn2High", 0.69314718055966295651160180568695068359375), ln2Low: double("tanhLn2Low", 0.28235290563031577122588448175013436025525412068e-12),
	}
	for i, x := range []float64{-9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3} {
		n.p[i] = double("tanhP"+string(rune('0'+i)), x)
	}
	for i, x := range []float64{1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3} {
		n.q[i] = double("tanhQ"+string(rune('0'+i)), x)
	}
	for i, x := range []float64{2.4801587301587301587e-5, 1.9841269841269841270e-4, 1.3888888888888888889e-3, 8.3333333333333333333e-3, 4.1666666666666666667e-2, 1.6666666666666666667e-1, 0.5, 1} {
		n.series = append(n.series, double("tanhSeries"+string(rune('0'+i)), x))
	}
	bias := GLOBL("tanhExponentBias", RODATA|NOPTR)
	DATA(0, U64(1023))
	n.exponentBias = bias
	return n
}

// all returns a number in all lanes of a vector.
func (d doubles) all(x Mem) reg.VecVirtual {
	v := d.new()
	VBROADCASTSD(x, v)
	return v
}

// small returns tanh z of z below 0.625: z + z·z²·P(z²)/Q(z²).
func (d doubles) small(z reg.VecVirtual) reg.VecVirtual {
	s, p, q := d.new(), d.new(), d.new()
	VMULPD(z, z, s)
	VMULPD(d.all(d.n.p[0]), s, p) // no fused multiply-add: portable Go must give the same bits
	VADDPD(d.all(d.n.p[1]), p, p)
	VMULPD(s, p, p)
	VADDPD(d.all(d.n.p[2]), p, p)
	VADDPD(d.all(d.n.q[0]), s, q)
	VMULPD(s, q, q)
	VADDPD(d.all(d.n.q[1]), q, q)
	VMULPD(s, q, q)
	VADDPD(d.all(d.n.q[2]), q, q)
	VMULPD(z, s, s)
	VMULPD(p, s, s)
	VDIVPD(q, s, s)
	VADDPD(z, s, s)
	return s
}

// large returns tanh z of other z: 1 - 2/(e^2z + 1).
func (d doubles) large(z reg.VecVirtual) reg.VecVirtual {
	x := d.new()
	VADDPD(z, z, x)
	VMINPD(d.all(d.n.largest), x, x) // beyond which tanh z is 1
	d.power(x)
	VADDPD(d.all(d.n.one), x, x)
	t := d.new()
	VDIVPD(x, d.all(d.n.two), t)
	VSUBPD(t, d.all(d.n.one), x)
	return x
}

// power emits x = e^x of 1 ≤ x ≤ 89: the sixteenth part of what 2^k leaves, by its series, squared four times.
func (d doubles) power(x reg.VecVirtual) {
	k, y := d.new(), d.new()
	exponent := d.exponent(x, k)
	VFNMADD231PD(d.all(d.n.ln2High), k, x)
	VFNMADD231PD(d.all(d.n.ln2Low), k, x)
	VMULPD(d.all(d.n.share), x, x)
	VBROADCASTSD(d.n.series[0], y)
	for _, c := range d.n.series[1:] {
		VFMADD213PD(d.all(c), x, y)
	}
	VMULPD(y, x, x) // e^x - 1, of which (1+x)² - 1 = x(x+2)
	two := d.all(d.n.two)
	for range 3 {
		VADDPD(two, x, y)
		VMULPD(y, x, x)
	}
	VADDPD(two, x, y)
	VFMADD213PD(d.all(d.n.one), y, x)
	VMULPD(exponent, x, x)
}

// exponent writes x/ln 2, rounded to an integer, to k, and returns 2^k.
func (d doubles) exponent(x, k reg.VecVirtual) reg.VecVirtual {
	power, bias := d.new(), d.new()
	VMULPD(d.all(d.n.log2e), x, k)
	narrow := reg.VecVirtual(XMM())
	if k.Size() == 64 {
		narrow = YMM()
		VCVTPD2DQ(k, narrow)
	} else {
		VCVTPD2DQY(k, narrow)
	}
	VCVTDQ2PD(narrow, k)
	VPMOVSXDQ(narrow, power)
	VPBROADCASTQ(d.n.exponentBias, bias)
	VPADDQ(bias, power, power)
	VPSLLQ(U8(52), power, power)
	return power
}
