package theory

import "math"

// quantity is one predicted number and what simulations gave for it, the same
// simulations in every row of a table.
type quantity struct {
	name        string
	predicted   float64
	simulations []simulation
}

// simulation is an estimate and how it was come by, in one word.
type simulation struct {
	how string
	measured
}

// given is a number that no simulation can check, such as a row's setting.
func given(name string, value float64) quantity { return quantity{name: name, predicted: value} }

// columns names the prediction, and for each simulation its estimate, the
// standard error of that, and how many of them it lies above the prediction.
func (q quantity) columns() []string {
	names := []string{q.name}
	for _, s := range q.simulations {
		estimate := q.name + "_" + s.how
		names = append(names, estimate, estimate+"_error", estimate+"_z")
	}
	return names
}

// cells are the numbers that columns names.
func (q quantity) cells() []float64 {
	cells := []float64{q.predicted}
	for _, s := range q.simulations {
		cells = append(cells, s.value, s.standardError, s.z(q.predicted))
	}
	return cells
}

// compared returns the table of rows that hold the same quantities each, with
// the scalars worst_z, the largest |z| in it, and comparisons, how many z there
// are: of a hundred, a right theory leaves one beyond 2.6.
func compared(rows [][]quantity) *Result {
	result := &Result{Scalars: map[string]*float64{}}
	for r, row := range rows {
		var cells []float64
		for _, q := range row {
			if r == 0 {
				result.Columns = append(result.Columns, q.columns()...)
			}
			cells = append(cells, q.cells()...)
		}
		result.Rows = append(result.Rows, cells)
	}
	if worst, n := worstOf(rows); n > 0 {
		result.Scalars["worst_z"], result.Scalars["comparisons"] = Known(worst), Known(float64(n))
	}
	return result
}

// worstOf returns the largest |z| of all simulations that have one, and their number.
func worstOf(rows [][]quantity) (worst float64, n int) {
	for _, row := range rows {
		for _, q := range row {
			for _, s := range q.simulations {
				if z := math.Abs(s.z(q.predicted)); !math.IsNaN(z) {
					worst, n = max(worst, z), n+1
				}
			}
		}
	}
	return worst, n
}

// state adds a quantity to the scalars, under the names of its columns.
func (r *Result) state(q quantity) {
	cells := q.cells()
	for i, name := range q.columns() {
		r.Scalars[name] = Known(cells[i])
	}
}
