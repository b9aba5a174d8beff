package theory_test

import (
	"reflect"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// Columns, rows and scalars of two rows that were simulated.
func TestTable(t *testing.T) {
	work := func(predicted, mean, standardError float64) theory.Quantity {
		e := theory.Estimate{Value: mean, StandardError: standardError}
		return theory.Quantity{Name: "work", Predicted: predicted, Simulations: theory.Simulated(e)}
	}
	result := theory.Table([][]theory.Quantity{
		{theory.Value("tau", 1), work(4, 5, 0.5)},
		{theory.Value("tau", 2), work(2, 1, 0.4)},
	})
	if want := []string{"tau", "work", "work_simulated", "work_simulated_error", "work_simulated_z"}; !reflect.DeepEqual(result.Columns, want) {
		t.Errorf("columns %v, want %v", result.Columns, want)
	}
	if want := [][]float64{{1, 4, 5, 0.5, 2}, {2, 2, 1, 0.4, -2.5}}; !reflect.DeepEqual(result.Rows, want) {
		t.Errorf("rows %v, want %v", result.Rows, want)
	}
	theorytest.Near(t, "worst_z", *result.Scalars["worst_z"], 2.5, 1e-15)
	theorytest.Near(t, "comparisons", *result.Scalars["comparisons"], 2, 0)
}
