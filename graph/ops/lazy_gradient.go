package ops

import (
	"sync"

	"ergon/graph/op"
)

// Lazy is a weight gradient dW = xᵀ·dz that is computed on demand: all of it, a part, or
// block by block. Each of these allocates in its first call only.
type Lazy interface {
	// Fill computes dW.
	Fill()
	// Part computes rows pre and columns post of dW, both ascending, into part
	// [|pre|,|post|]; nil is all. It may overwrite dW.
	Part(pre, post []int32, part []float32)
	// Stream computes dW in blocks and hands each block to learn as soon as it is
	// complete, while it is in the cache: rows [r0,r1) and columns [c0,c1), which begin
	// at dw and whose rows are stride numbers apart. Blocks cover dW once and follow
	// from the shapes alone; they may be handed over at the same time.
	Stream(learn Learner)
}

// Learner learns from a block of a weight gradient; see [Lazy.Stream].
type Learner = func(r0, r1, c0, c1 int, dw []float32, stride int)

// LazyGradient returns the gradient dW = xᵀ·dz into dw: x [B,I], dz [B,O], dW [I,O].
func LazyGradient(c *op.Compiler, dw []float32, x, dz op.Operand) Lazy {
	switch {
	case x.Implicit != nil:
		return newSharedGradient(c, dw, x.Implicit, dz)
	case x.Shape[0] == 1:
		return &outerGradient{
			gathered: op.NewGatheredProduct(c, x, dz), fill: c.Outer(dw, x.Data, dz.Data), dw: dw, in: len(x.Data), out: len(dz.Data),
		}
	}
	g := &productGradient{gathered: op.NewGatheredProduct(c, x, dz)}
	p := weightProduct(c, dw, x, dz)
	g.fill = sync.OnceValue(p.Compile)
	p.Take = func(r0, r1, c0, c1 int, dw []float32, stride int) { g.learn(r0, r1, c0, c1, dw, stride) }
	g.stream = sync.OnceValue(p.Compile)
	return g
}

// productGradient is the gradient of a batch. Its products are compiled when they are
// first run, since a rule seldom needs both.
type productGradient struct {
	gathered     *op.GatheredProduct
	fill, stream func() func()
	learn        Learner
}

// Fill implements Lazy.
func (g *productGradient) Fill() { g.fill()() }

// Part implements Lazy.
func (g *productGradient) Part(pre, post []int32, part []float32) {
	g.gathered.Compute(pre, post, part)
}

// Stream implements Lazy.
func (g *productGradient) Stream(learn Learner) {
	g.learn = learn
	g.stream()()
}

// outerGradient is the gradient of a single presentation, dW = x ⊗ dz.
type outerGradient struct {
	gathered *op.GatheredProduct
	fill     func()
	dw       []float32
	in, out  int
}

// Fill implements Lazy.
func (g *outerGradient) Fill() { g.fill() }

// Part implements Lazy.
func (g *outerGradient) Part(pre, post []int32, part []float32) { g.gathered.Compute(pre, post, part) }

// Stream implements Lazy: a single block.
func (g *outerGradient) Stream(learn Learner) {
	g.fill()
	learn(0, g.in, 0, g.out, g.dw, g.out)
}
