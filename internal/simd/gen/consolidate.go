package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Kernels that make transient changes s = w - l permanent where they are large.

const (
	consolidateSignature = "func(w, l, threshold *float32, writes *uint32, stride, rows, n int, quantum float64, decay float32, m1, transient *[16]float64) (m0, left int)"
	consolidateDoc       = "consolidates rows of n synapses w = l + s where |s| reaches the threshold of its column, adds up the rest, and lets it decay. The stride is in bytes."
	quantumOffset        = 56
	decayOffset          = 64
	atLeast              = 13 // GE_OS: false for NaN, as >= is in Go
	towardsZero          = 11 // of VROUNDPD and VRNDSCALEPD: to the integer towards zero, quietly
)

// consolidation are the registers that both kernels have.
type consolidation struct {
	w, l, threshold, writes, n, column reg.GPVirtual
	m0, left                           reg.GPVirtual
	decays                             bool
}

// synapses are a vector of them, or fewer at the end of a row.
type synapses struct {
	w, l, threshold, writes Mem
	m1                      int // where the lanes of M1 begin, in bytes
}

// at returns those that stand so many columns behind the column in work.
func (c *consolidation) at(columns int) synapses {
	m := func(base reg.Register) Mem { return Mem{Base: base, Index: c.column, Scale: 4, Disp: 4 * columns} }
	return synapses{m(c.w), m(c.l), m(c.threshold), m(c.writes), 8 * columns}
}

// add adds the number of flags to a counter.
func add(flags reg.GPVirtual, counter reg.GPVirtual) {
	POPCNTL(flags, flags)
	ADDQ(flags.As64(), counter)
}

// consolidateRows emits the loop over rows, twice: for synapses that decay, and that do not. line is
// its body for sixteen columns, rest for what is left of a row, of which n columns are in the register given.
func consolidateRows(line func(prefix string, c *consolidation), rest func(prefix string, c *consolidation, n reg.GPVirtual)) {
	get := func(name string) reg.GPVirtual { return Load(Param(name), GP64()).(reg.GPVirtual) }
	c := consolidation{
		w: get("w"), l: get("l"), threshold: get("threshold"), writes: get("writes"), n: get("n"),
		column: GP64(), m0: GP64(), left: GP64(),
	}
	rows := get("rows")
	XORQ(c.m0, c.m0)
	XORQ(c.left, c.left)
	each := func(prefix string, decays bool) {
		c.decays = decays
		Label(prefix + "row")
		TESTQ(rows, rows)
		JZ(LabelRef("end"))
		XORQ(c.column, c.column)
		Label(prefix + "line")
		behind := GP64()
		LEAQ(Mem{Base: c.column, Disp: 16}, behind)
		CMPQ(behind, c.n)
		JGT(LabelRef(prefix + "rest"))
		line(prefix, &c)
		ADDQ(U8(16), c.column)
		JMP(LabelRef(prefix + "line"))
		Label(prefix + "rest")
		left := GP64()
		MOVQ(c.n, left)
		SUBQ(c.column, left)
		JZ(LabelRef(prefix + "next"))
		rest(prefix+"rest", &c, left)
		Label(prefix + "next")
		for _, p := range []reg.GPVirtual{c.w, c.l} {
			ADDQ(NewParamAddr("stride", 32), p)
		}
		TESTQ(c.writes, c.writes)
		JZ(LabelRef(prefix + "uncounted"))
		ADDQ(NewParamAddr("stride", 32), c.writes)
		Label(prefix + "uncounted")
		DECQ(rows)
		JMP(LabelRef(prefix + "row"))
	}
	CMPL(NewParamAddr("decay", decayOffset), U8(0))
	JE(LabelRef("staysrow"))
	each("decays", true)
	each("stays", false)
	Label("end")
	Store(c.m0, ReturnIndex(0))
	Store(c.left, ReturnIndex(1))
}

// quantumBits loads the bits of the quantum into a register.
func quantumBits() reg.GPVirtual {
	q := GP64()
	MOVQ(NewParamAddr("quantum", quantumOffset), q)
	return q
}

// consolidation512 is a consolidation by vectors of sixteen.
type consolidation512 struct {
	*consolidation
	zero, magnitude, decay reg.VecVirtual
	transient              [2]reg.VecVirtual
}

func consolidate512() {
	TEXT("consolidate512", NOSPLIT, consolidateSignature)
	Pragma("noescape")
	Doc("consolidate512 " + consolidateDoc)
	z := consolidation512{zero: ZMM(), magnitude: ZMM(), decay: ZMM(), transient: [2]reg.VecVirtual{ZMM(), ZMM()}}
	VPXORD(z.zero, z.zero, z.zero)
	ones512(z.magnitude)
	VPSRLD(U8(1), z.magnitude, z.magnitude)
	VBROADCASTSS(NewParamAddr("decay", decayOffset), z.decay)
	transient := Load(Param("transient"), GP64())
	for h, sum := range z.transient {
		VMOVUPD(Mem{Base: transient, Disp: 64 * h}, sum)
	}
	consolidateRows(func(prefix string, c *consolidation) {
		z.consolidation = c
		w, l, at := ZMM(), ZMM(), c.at(0)
		VMOVUPS(at.w, w)
		VMOVUPS(at.l, l)
		z.line(prefix, at, w, l)
		if c.decays {
			VMOVUPS(w, at.w)
		}
	}, func(prefix string, c *consolidation, n reg.GPVirtual) {
		z.consolidation = c
		w, l, at, rest := ZMM(), ZMM(), c.at(0), tailMask(n)
		VMOVUPS_Z(at.w, rest, w)
		VMOVUPS_Z(at.l, rest, l)
		z.line(prefix, at, w, l)
		if c.decays {
			VMOVUPS(w, rest, at.w)
		}
	})
	transient = Load(Param("transient"), GP64())
	for h, sum := range z.transient {
		VMOVUPD(sum, Mem{Base: transient, Disp: 64 * h})
	}
	VZEROUPPER()
	RET()
}

// line consolidates synapses that are in registers. Those that do not exist are 0. It writes l, and leaves in w the
// weights that have decayed.
func (z *consolidation512) line(prefix string, at synapses, w, l reg.VecVirtual) {
	s, large, left, reached := ZMM(), ZMM(), K(), K()
	VSUBPS(l, w, s)
	VCMPPS(U8(notEqual), z.zero, s, left)
	VPANDD(z.magnitude, s, large)
	VCMPPS(U8(atLeast), at.threshold, large, left, reached)
	KORTESTW(reached, reached)
	JZ(LabelRef(prefix + "small"))
	z.write(prefix, at, w, l, s, reached)
	VCMPPS(U8(notEqual), z.zero, s, left)
	VPANDD(z.magnitude, s, large)
	Label(prefix + "small")
	for h, half := range halves512(large) {
		wide := ZMM()
		VCVTPS2PD(half, wide)
		VADDPD(wide, z.transient[h], z.transient[h])
	}
	if z.decays {
		flags := GP32()
		KMOVW(left, flags)
		add(flags, z.left)
		VMULPS(z.decay, s, s)
		VSUBPS(s, w, left, w)
	}
}

// write makes permanent the s that have reached their thresholds, and leaves in s what remains of them.
func (z *consolidation512) write(prefix string, at synapses, w, l, s reg.VecVirtual, reached reg.OpmaskVirtual) {
	flags, q, before := GP32(), quantumBits(), ZMM()
	KMOVW(reached, flags)
	add(flags, z.m0)
	VMOVAPS(l, before)
	TESTQ(q, q)
	JNZ(LabelRef(prefix + "partly"))
	VMOVAPS(w, reached, l)
	VXORPS(s, s, reached, s)
	JMP(LabelRef(prefix + "written"))
	Label(prefix + "partly")
	step := ZMM()
	wholeSteps512(s, step)
	VADDPS(step, l, reached, l)
	VSUBPS(l, w, reached, s)
	Label(prefix + "written")
	VMOVUPS(l, reached, at.l)
	m1 := Load(Param("m1"), GP64())
	difference := [2]halves{halves512(l), halves512(before)}
	for h := range 2 {
		a, b, sum := ZMM(), ZMM(), ZMM()
		lanes := K()
		KSHIFTRW(U8(8*h), reached, lanes)
		VCVTPS2PD_Z(difference[0][h], lanes, a)
		VCVTPS2PD_Z(difference[1][h], lanes, b)
		VSUBPD(b, a, a)
		VPANDQ(magnitude64(ZMM, ones512), a, a)
		VADDPD(Mem{Base: m1, Disp: 64 * h}, a, sum)
		VMOVUPD(sum, Mem{Base: m1, Disp: 64 * h})
	}
	TESTQ(z.writes, z.writes)
	JZ(LabelRef(prefix + "counted"))
	counts, one := ZMM(), ZMM()
	ones512(one)
	VMOVDQU32_Z(at.writes, reached, counts)
	VPSUBD(one, counts, counts)
	VMOVDQU32(counts, reached, at.writes)
	Label(prefix + "counted")
}

// wholeSteps512 writes to steps trunc(s/quantum)·quantum, in float64 until it is rounded.
func wholeSteps512(s, steps reg.VecVirtual) {
	quantum := ZMM()
	VBROADCASTSD(NewParamAddr("quantum", quantumOffset), quantum)
	for h, half := range halves512(s) {
		wide := ZMM()
		VCVTPS2PD(half, wide)
		VDIVPD(quantum, wide, wide)
		VRNDSCALEPD(U8(towardsZero), wide, wide)
		VMULPD(quantum, wide, wide)
		if h == 0 {
			VCVTPD2PS(wide, steps.AsY())
		} else {
			VCVTPD2PS(wide, wide.AsY())
			VINSERTF64X4(U8(1), wide.AsY(), steps, steps)
		}
	}
}

// consolidation256 is a consolidation by vectors of eight. There are sixteen registers only, so that much is read anew
// where it is needed.
type consolidation256 struct {
	*consolidation
	magnitude reg.VecVirtual
	transient [4]reg.VecVirtual
}

func consolidate256() {
	TEXT("consolidate256", NOSPLIT, consolidateSignature)
	Pragma("noescape")
	Doc("consolidate256 " + consolidateDoc)
	y := consolidation256{magnitude: YMM(), transient: [4]reg.VecVirtual{YMM(), YMM(), YMM(), YMM()}}
	ones256(y.magnitude)
	VPSRLD(U8(1), y.magnitude, y.magnitude)
	transient := Load(Param("transient"), GP64())
	for h, sum := range y.transient {
		VMOVUPD(Mem{Base: transient, Disp: 32 * h}, sum)
	}
	whole := part256{
		func(from Mem, to reg.VecVirtual) { VMOVUPS(from, to) },
		func(v reg.VecVirtual, to Mem) { VMOVUPS(v, to) },
	}
	consolidateRows(func(prefix string, c *consolidation) {
		y.consolidation = c
		y.half(prefix+"low", 0, whole)
		y.half(prefix+"high", 1, whole)
	}, func(prefix string, c *consolidation, n reg.GPVirtual) {
		y.consolidation = c
		y.half(prefix+"low", 0, partOf256(n, 0))
		CMPQ(n, U8(8))
		JLE(LabelRef(prefix + "lowest"))
		y.half(prefix+"high", 1, partOf256(n, 8))
		Label(prefix + "lowest")
	})
	transient = Load(Param("transient"), GP64())
	for h, sum := range y.transient {
		VMOVUPD(sum, Mem{Base: transient, Disp: 32 * h})
	}
	VZEROUPPER()
	RET()
}

// part256 is how a vector is read and written of which not all lanes may exist: others are read as 0.
type part256 struct {
	load  func(from Mem, to reg.VecVirtual)
	store func(v reg.VecVirtual, to Mem)
}

// partOf256 is the half of a line of which lanes first to n-1 exist.
func partOf256(n reg.GPVirtual, first int) part256 {
	low, rest := XMM(), YMM()
	VMOVD(n.As32(), low)
	VPBROADCASTD(low, rest)
	VPCMPGTD(lanesFrom(first), rest, rest)
	return part256{
		func(from Mem, to reg.VecVirtual) { VMASKMOVPS(from, rest, to) },
		func(v reg.VecVirtual, to Mem) { VMASKMOVPS(v, rest, to) },
	}
}

// half consolidates half of a line, or what there is of it.
func (y *consolidation256) half(prefix string, number int, part part256) {
	w, l, s, large, left, reached, at := YMM(), YMM(), YMM(), YMM(), YMM(), YMM(), y.at(8*number)
	part.load(at.w, w)
	part.load(at.l, l)
	VSUBPS(l, w, s)
	compare := func() {
		VXORPS(left, left, left)
		VCMPPS(U8(notEqual), left, s, left)
		VANDPS(y.magnitude, s, large)
	}
	compare()
	part.load(at.threshold, reached)
	VCMPPS(U8(atLeast), reached, large, reached)
	VANDPS(left, reached, reached)
	VPTEST(reached, reached)
	JZ(LabelRef(prefix + "small"))
	y.write(prefix, part, at, w, l, s, reached)
	compare()
	Label(prefix + "small")
	for h, half := range halves256(large) {
		wide, sum := YMM(), y.transient[2*number+h]
		VCVTPS2PD(half, wide)
		VADDPD(wide, sum, sum)
	}
	if y.decays {
		flags, lost := GP32(), YMM()
		VMOVMSKPS(left, flags)
		add(flags, y.left)
		VBROADCASTSS(NewParamAddr("decay", decayOffset), lost)
		VMULPS(lost, s, lost)
		VANDPS(left, lost, lost) // else 0, whose subtraction changes no number
		VSUBPS(lost, w, w)
		part.store(w, at.w)
	}
}

// write makes permanent the s that have reached their thresholds, and leaves in s what remains of them.
func (y *consolidation256) write(prefix string, part part256, at synapses, w, l, s, reached reg.VecVirtual) {
	flags, q := GP32(), quantumBits()
	VMOVMSKPS(reached, flags)
	add(flags, y.m0)
	TESTQ(q, q)
	JNZ(LabelRef(prefix + "partly"))
	VBLENDVPS(reached, w, l, l)
	VANDNPS(s, reached, s)
	JMP(LabelRef(prefix + "written"))
	Label(prefix + "partly")
	after := YMM()
	wholeSteps256(s, after)
	VADDPS(after, l, after)
	VBLENDVPS(reached, after, l, l)
	VSUBPS(l, w, after)
	VBLENDVPS(reached, after, s, s)
	Label(prefix + "written")
	m1, before, changed := Load(Param("m1"), GP64()), YMM(), YMM()
	part.load(at.l, before)
	VANDPS(reached, before, before)
	VANDPS(reached, l, changed)
	part.store(l, at.l)
	difference := [2]halves{halves256(changed), halves256(before)}
	for h := range 2 {
		a, b, sum := YMM(), YMM(), Mem{Base: m1, Disp: at.m1 + 32*h}
		VCVTPS2PD(difference[0][h], a)
		VCVTPS2PD(difference[1][h], b)
		VSUBPD(b, a, a)
		VANDPD(magnitude64(YMM, ones256), a, a)
		VADDPD(sum, a, a)
		VMOVUPD(a, sum)
	}
	TESTQ(y.writes, y.writes)
	JZ(LabelRef(prefix + "counted"))
	counts := YMM()
	part.load(at.writes, counts)
	VPSUBD(reached, counts, counts)
	part.store(counts, at.writes)
	Label(prefix + "counted")
}

// wholeSteps256 writes to steps trunc(s/quantum)·quantum, in float64 until it is rounded.
func wholeSteps256(s, steps reg.VecVirtual) {
	for h, half := range halves256(s) {
		wide, quantum := YMM(), YMM()
		VCVTPS2PD(half, wide)
		VBROADCASTSD(NewParamAddr("quantum", quantumOffset), quantum)
		VDIVPD(quantum, wide, wide)
		VROUNDPD(U8(towardsZero), wide, wide)
		VMULPD(quantum, wide, wide)
		if h == 0 {
			VCVTPD2PSY(wide, steps.AsX())
		} else {
			VCVTPD2PSY(wide, wide.AsX())
			VINSERTF128(U8(1), wide.AsX(), steps, steps)
		}
	}
}
