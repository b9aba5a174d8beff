package graph

import (
	"sync"

	"ergon/internal/blas"
)

// Lazy is a weight gradient dW = xᵀ·dz that is computed when it is asked for: all
// of it, a part, or block by block. It allocates memory the first time it is used in
// one of these ways, not later.
type Lazy interface {
	// Fill computes dW.
	Fill()
	// Part computes rows pre and columns post of dW, both ascending, into part
	// [|pre|,|post|]; nil is every row or column. What dW holds afterwards is undefined.
	Part(pre, post []int32, part []float32)
	// Stream computes dW in blocks and hands every block to learn as soon as it is
	// complete, while it is in the cache: rows [r0,r1) and columns [c0,c1), which begin
	// at dw and are stride numbers apart. Blocks cover dW once and follow from the shapes
	// alone; they may be handed over at the same time.
	Stream(learn learner)
}

// learner learns from a block of a weight gradient; see [Lazy.Stream].
type learner = func(r0, r1, c0, c1 int, dw []float32, stride int)

// LazyGradient returns the gradient dW = xᵀ·dz into dw: x [B,I], dz [B,O], dW [I,O].
func LazyGradient(c *compiler, dw []float32, x, dz operand) Lazy {
	switch {
	case x.sight != nil:
		return newSharedGradient(c, dw, x.sight, dz)
	case x.shape[0] == 1:
		return &outerGradient{newPartial(c, x, dz), c.singleGradient(dw, x.data, dz.data), dw, len(x.data), len(dz.data)}
	}
	g := &productGradient{gathered: newPartial(c, x, dz)}
	p := weightProduct(c, dw, x, dz)
	g.fill = sync.OnceValue(p.Compile)
	p.Take = func(r0, r1, c0, c1 int, dw []float32, stride int) { g.learn(r0, r1, c0, c1, dw, stride) }
	g.stream = sync.OnceValue(p.Compile)
	return g
}

// productGradient is the gradient of a batch. Its products are compiled when they are
// first run: a rule needs one way to the gradient, seldom both.
type productGradient struct {
	gathered     *partial
	fill, stream func() func()
	learn        learner
}

// Fill implements Lazy.
func (g *productGradient) Fill() { g.fill()() }

// Part implements Lazy.
func (g *productGradient) Part(pre, post []int32, part []float32) {
	g.gathered.compute(pre, post, part)
}

// Stream implements Lazy.
func (g *productGradient) Stream(learn learner) {
	g.learn = learn
	g.stream()()
}

// outerGradient is the gradient of a single presentation, dW = x ⊗ dz.
type outerGradient struct {
	gathered *partial
	fill     func()
	dw       []float32
	in, out  int
}

// Fill implements Lazy.
func (g *outerGradient) Fill() { g.fill() }

// Part implements Lazy.
func (g *outerGradient) Part(pre, post []int32, part []float32) { g.gathered.compute(pre, post, part) }

// Stream implements Lazy: a single block.
func (g *outerGradient) Stream(learn learner) {
	g.fill()
	learn(0, g.in, 0, g.out, g.dw, g.out)
}

// weightProduct is dW = xᵀ·dz: x [B,I], dz [B,O], dW [I,O].
func weightProduct(c *compiler, dw []float32, x, dz operand) blas.Product {
	return blas.Product{
		Library: c.library, Pool: c.pool, M: x.shape[1], N: dz.shape[1], K: x.shape[0],
		TransA: true, A: x.data, B: dz.data, C: dw,
	}
}
