package sparse

import "testing"

// Groups leave out what is zero side by side, single columns what is strewn, and neither
// is worth it where little is zero.
func TestFastest(t *testing.T) {
	const rows, columns = 500, 784
	side := Product{M: rows, K: columns, A: make([]float32, rows*columns)}
	for i := range side.A {
		if i%columns < columns/2 {
			side.A[i] = 1
		}
	}
	for _, c := range []struct {
		name string
		p    Product
		want int
	}{
		{"side by side", side, 2},
		{"strewn", sample(rows, 1, columns, false, 0.4), 1},
		{"strewn, transposed", sample(columns, 1, rows, true, 0.4), 1},
		{"nearly all", sample(rows, 1, columns, false, 0.95), 0},
	} {
		group := 0
		ways := []compiled{{func() { group = 2 }, 2, 0.9}, {func() { group = 1 }, 1, 0.75}}
		for _, all := range [][]compiled{ways, {ways[1], ways[0]}} {
			group = 0
			if run := c.p.fastest(all); run != nil {
				run()
			}
			if group != c.want {
				t.Errorf("%s: goes by groups of %d, want %d", c.name, group, c.want)
			}
		}
	}
}
