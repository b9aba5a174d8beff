package gemm

import (
	"math"

	"ergon/internal/parallel"
)

// grid is how a problem is cut into blocks for workers: rows × columns of them,
// whose edges are multiples of the unit but for the last.
type grid struct {
	m, n, rows, columns, unit int
}

// Cycles, estimated, of a part: a worker takes a thousand or two to wake up,
// and parts that are many even out what else the machine does.
const (
	worthCutting = 64_000
	partCycles   = 60_000
	mostParts    = 16
	packingCost  = 0.1 // cycles per number of B
)

// grid cuts a problem into about as many parts as it is worth, where that
// wastes least.
func (q *plan) grid() grid {
	parts, unit := q.parts(), q.width()
	var best grid
	least := math.Inf(1)
	for columns := 1; columns <= min(parts, ceil(q.n, 2*unit)); columns++ {
		g := grid{m: q.m, n: q.n, rows: 1, columns: columns, unit: unit}
		if q.method != inner {
			g.rows = min(ceil(parts, columns), ceil(q.m, 2*q.height()))
		}
		if cost := q.cost(g, parts); cost < least {
			best, least = g, cost
		}
	}
	return best
}

// cost estimates the cycles of all parts if they are as large as the largest,
// and of as many as are missing.
func (q *plan) cost(g grid, parts int) float64 {
	rows := ceil(q.m, g.rows)
	columns := min(q.n, ceil(ceil(q.n, g.unit), g.columns)*g.unit)
	packing := packingCost
	if q.b.column != 1 {
		packing = turningCost
	}
	part := float64(q.k) * (float64(rows)*q.vectors(columns)/2 + float64(columns)*packing)
	return part * float64(max(parts, g.count()))
}

// parts is the number of blocks that the estimated work is worth.
func (q *plan) parts() int {
	m, n, k := q.m, q.n, q.k
	arithmetic := m * n * k / (2 * q.lanes)
	memory := (k*n + 2*m*n + m*k) / 8 // C is read before it is written
	cycles := max(arithmetic, memory)
	if cycles < worthCutting {
		return 1
	}
	return min(mostParts, max(2, cycles/partCycles))
}

func (g grid) count() int { return g.rows * g.columns }

// block is the part with the given number.
func (g grid) block(part int) (r0, r1, c0, c1 int) {
	r0, r1 = parallel.Split(g.m, g.rows, part/g.columns)
	c0, c1 = parallel.Split(ceil(g.n, g.unit), g.columns, part%g.columns)
	return r0, r1, c0 * g.unit, min(c1*g.unit, g.n)
}
