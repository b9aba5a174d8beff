package theory

import (
	"math"
)

// Quantity is one predicted number and what simulations gave for it. All rows of a
// table hold the same quantities with the same simulations.
type Quantity struct {
	Name        string // of its column
	Predicted   float64
	Simulations []Simulation // nil: there are none, or none can check it
}

// Simulation is an estimate and the method that gave it.
type Simulation struct {
	Method string // one word, which becomes part of the column's name
	Estimate
}

// Value returns a number that no simulation can check, such as a setting that
// differs between rows.
func Value(name string, value float64) Quantity { return Quantity{Name: name, Predicted: value} }

// Simulated returns the one simulation of a theory that has no more than one method,
// which is called "simulated".
func Simulated(e Estimate) []Simulation { return []Simulation{{Method: "simulated", Estimate: e}} }

// columns names the prediction, and for each simulation its estimate, the
// standard error, and z, by how many standard errors it lies above the prediction.
func (q Quantity) columns() []string {
	names := []string{q.Name}
	for _, s := range q.Simulations {
		estimate := q.Name + "_" + s.Method
		names = append(names, estimate, estimate+"_error", estimate+"_z")
	}
	return names
}

// cells returns the numbers of the columns.
func (q Quantity) cells() []float64 {
	cells := []float64{q.Predicted}
	for _, s := range q.Simulations {
		cells = append(cells, s.Value, s.StandardError, s.Z(q.Predicted))
	}
	return cells
}

// Table returns the table of the rows, which must hold the same quantities each. If
// anything was simulated it has the scalars worst_z, the largest |z| in it, and
// comparisons, the number of z: of a hundred, a right theory leaves one beyond 2.6.
func Table(rows [][]Quantity) *Result {
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
	if worst, n := WorstZ(rows); n > 0 {
		result.Scalars["worst_z"], result.Scalars["comparisons"] = Known(worst), Known(float64(n))
	}
	return result
}

// WorstZ returns the largest |z| of the simulations in rows, and how many have one.
func WorstZ(rows [][]Quantity) (worst float64, n int) {
	for _, row := range rows {
		for _, q := range row {
			for _, s := range q.Simulations {
				if z := math.Abs(s.Z(q.Predicted)); !math.IsNaN(z) {
					worst, n = max(worst, z), n+1
				}
			}
		}
	}
	return worst, n
}

// AddScalar adds a quantity to the scalars, under the names that its columns would have.
func (r *Result) AddScalar(q Quantity) {
	cells := q.cells()
	for i, name := range q.columns() {
		r.Scalars[name] = Known(cells[i])
	}
}
