package gemm

// problem is C = A·B, or C += A·B, where A is [m,k], B [k,n] and C [m,n],
// row-major.
type problem struct {
	m, n, k    int
	a, b       matrix
	c          []float32
	cRow       int
	accumulate bool

	before, after func(r0, r1, c0, c1 int) // on blocks of C; nil: nothing
}

// transposed is Cᵀ = Bᵀ·Aᵀ, but for C itself.
func (p problem) transposed() problem {
	p.m, p.n = p.n, p.m
	p.a, p.b = p.b.transposed(), p.a.transposed()
	return p
}

// method is a way to compute a problem.
type method int

const (
	outer  method = iota // sums of outer products
	turned               // the same of the transposed problem, whose C is turned back
	inner                // inner products of rows
)

// plan says how a problem is computed. It follows from the shape alone.
type plan struct {
	*instructions
	problem
	method method
	copyA  bool // A's tiles are copied to where their columns follow each other
}

func newPlan(kernels *instructions, p problem) plan {
	q := plan{instructions: kernels, problem: p}
	switch {
	case q.innerPays():
		q.method = inner
	case q.turningPays():
		q.method, q.problem = turned, p.transposed()
	}
	q.copyA = q.method == outer && q.copyingPays()
	return q
}

// Where the methods pay, as measured with AVX-512.
const (
	innerRows    = 64   // beyond, turning B costs less than adding up lanes
	innerLength  = 32   // of a row that is worth adding up lanes
	turnedRows   = 128  // columns of C that may leave lanes idle
	longStride   = 512  // between columns of A: half a page
	longColumn   = 192  // of A, more pages than the processor has at hand
	widePanels   = 1024 // columns of B that make up for a copy of A in any case
	turningCost  = 0.45 // cycles per number
	singleVector = 1.5  // cost of a panel of one vector, in vectors
)

// innerPays says whether rows of A and of the stored B are multiplied as they lie.
func (q *plan) innerPays() bool {
	return q.a.column == 1 && q.b.column != 1 && q.m <= innerRows && q.k >= innerLength
}

// turningPays says whether the columns of C leave so many lanes idle that it
// is better to exchange rows and columns.
func (q *plan) turningPays() bool {
	if q.n > turnedRows || q.b.column != 1 {
		return false
	}
	m, n, k := float64(q.m), float64(q.n), float64(q.k)
	cost := m * k * q.vectors(q.n) / 2
	turned := n*k*q.vectors(q.m)/2 + m*n*turningCost
	if q.a.column == 1 {
		turned += m * k * turningCost
	}
	return turned < cost
}

// vectors is the cost of a row of C that is so long, in vectors.
func (q *plan) vectors(columns int) float64 {
	pairs, rest := columns/q.width(), columns%q.width()
	switch {
	case rest == 0:
		return float64(2 * pairs)
	case rest <= q.lanes:
		return float64(2*pairs) + singleVector
	}
	return float64(2*pairs + 2)
}

// copyingPays says whether A, stored by columns that lie far apart, is met so
// often that a copy of its tiles is worth making. The copy must have room.
func (q *plan) copyingPays() bool {
	return q.a.column >= longStride && (q.k >= longColumn && q.n >= 4*q.width() || q.n >= widePanels) && q.chunkRows()*q.k <= packedA
}

// block computes rows [r0,r1) and columns [c0,c1) of the problem's C.
func (q *plan) block(w *workspace, r0, r1, c0, c1 int) {
	switch q.method {
	case inner:
		q.innerBlock(w, r0, r1, c0, c1)
	case turned:
		q.turnedBlock(w, r0, r1, c0, c1)
	default:
		q.outerBlock(w, r0, r1, c0, c1)
	}
}

func (q *plan) begin(r0, r1, c0, c1 int) {
	if q.before != nil {
		q.before(r0, r1, c0, c1)
	}
}

func (q *plan) end(r0, r1, c0, c1 int) {
	if q.after != nil {
		q.after(r0, r1, c0, c1)
	}
}

func ceil(a, b int) int { return (a + b - 1) / b }
