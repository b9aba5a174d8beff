// Package binary multiplies a matrix of zeros and ones, such as samples of binary units, with
// a dense one, by additions alone.
//
// Four neighbouring units have 16 states. The sums of weights that each of them selects are
// tabulated, and a row of A looks up one sum where a dense product takes four products: the "method
// of the four Russians" (Arlazarov, Dinic, Kronrod, Faradzhev, Dokl. Akad. Nauk SSSR 194, 487,
// 1970). An M×N×K product takes M·N·K/4 additions, and N·K·11/4 for the tables.
//
// An element of C is what was there, plus the sum of the first four units' active weights, plus
// that of the next four, and so on, each sum in ascending order. So all instruction sets and any number
// of workers leave the same bits. A weight takes part in at most n = ⌈K/4⌉ + 3 additions: an element is
// off by no more than nε/(1-nε) Σ|terms|, ε = 2^-24 (Higham, Accuracy and Stability of
// Numerical Algorithms, section 4.2).
//
// Weights of units that are 0 are not looked at: NaN or ±Inf in B spoils the rows of C in which
// its unit is 1, and no others. In the dense product 0·NaN = NaN spoils all.
package binary

//go:generate sh -c "cd gen && go run . -out ../kernels_amd64.s -stubs ../kernels_amd64.go -pkg binary"

const (
	size   = 4          // bytes of a number
	group  = 4          // units that share a table
	states = 1 << group // rows of a table
	block  = 12 * group // units whose tables are in use at a time; they fill three quarters of a first-level cache of 32 KB
	width  = 32         // columns of a tile, which is computed out of these tables
	chunk  = 512        // rows of a tile, at most
)

// ceil returns how many times n must be taken to reach x.
func ceil(x, n int) int { return (x + n - 1) / n }
