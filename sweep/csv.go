package sweep

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"

	"ergon/train/rundir"
)

// column is a column of bench.csv.
type column struct {
	name string
	of   func(rundir.Crossing) string
}

// costs are the columns that are empty for a run that missed the goal.
var costs = []column{
	{"test_accuracy", func(x rundir.Crossing) string { return full(&x.TestAccuracy) }},
	{"presentations", func(x rundir.Crossing) string { return strconv.Itoa(x.Samples) }},
	{"steps", func(x rundir.Crossing) string { return strconv.Itoa(x.Steps) }},
	{"updates", func(x rundir.Crossing) string { return strconv.Itoa(x.Updates) }},
	{"m0", func(x rundir.Crossing) string { return full(value(m0(x))) }},
	{"m1", func(x rundir.Crossing) string { return full(value(m1(x))) }},
	{"m0_min", func(x rundir.Crossing) string { return strconv.FormatInt(x.M0Min, 10) }},
	{"m1_min", func(x rundir.Crossing) string { return full(x.M1Min) }},
	{"m0_inefficiency", func(x rundir.Crossing) string { return full(m0Inefficiency(x)) }},
	{"m1_inefficiency", func(x rundir.Crossing) string { return full(m1Inefficiency(x)) }},
	{"active_units", func(x rundir.Crossing) string { return strconv.FormatInt(x.ActiveUnits, 10) }},
	{"macs_effective", func(x rundir.Crossing) string { return strconv.FormatInt(x.MACsEffective, 10) }},
	{"accumulator_updates", func(x rundir.Crossing) string { return full(accumulatorUpdates(x)) }},
	{"state_updates", func(x rundir.Crossing) string { return full(stateUpdates(x)) }},
	{"gradient_updates", func(x rundir.Crossing) string { return full(gradientUpdates(x)) }},
	{"accumulator_bits", func(x rundir.Crossing) string { return full(accumulatorBits(x)) }},
}

// validation is the column that tables have besides where examples are held out.
var validation = column{"validation_accuracy", func(x rundir.Crossing) string { return full(x.ValidationAccuracy) }}

// sustained is the column that tables have besides where crossings are sustained.
var sustained = column{"sustained_accuracy", func(x rundir.Crossing) string { return full(x.SustainedAccuracy) }}

// columns are the costs, and what was measured for the goal where that is not the test
// accuracy.
func (r *Report) columns() []column {
	if r.GoalsOn == "validation" {
		return slices.Concat(costs, []column{validation})
	}
	return costs
}

// WriteCSV writes bench.csv: a line for each run and goal. The costs of a run that missed
// the goal are empty. Where crossings are sustained, columns first_… are of the first
// crossing of the same goal.
func (r *Report) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	lines := [][]string{r.csvHead()}
	for i := range r.outcomes {
		for _, goal := range r.Goals {
			lines = append(lines, r.csvLine(&r.outcomes[i], goal))
		}
	}
	return out.WriteAll(lines)
}

func (r *Report) csvHead() []string {
	head := []string{"label", "seed", "hash", "status", "goal", "reached"}
	for _, c := range r.columns() {
		head = append(head, c.name)
	}
	if r.Sustain == 0 {
		return head
	}
	head = append(head, sustained.name, "first_reached")
	for _, c := range r.columns() {
		head = append(head, "first_"+c.name)
	}
	return head
}

func (r *Report) csvLine(o *Outcome, goal float64) []string {
	line := []string{o.Label, strconv.FormatUint(o.Seed, 10), o.Hash, o.Status(), full(&goal)}
	x, reached := crossing(o, goal, chosenCrossings)
	line = append(line, strconv.FormatBool(reached))
	line = append(line, cells(r.columns(), x, reached)...)
	if r.Sustain == 0 {
		return line
	}
	line = append(line, cells([]column{sustained}, x, reached)...)
	first, reached := crossing(o, goal, firstCrossings)
	line = append(line, strconv.FormatBool(reached))
	return append(line, cells(r.columns(), first, reached)...)
}

// cells are what columns have of a crossing, empty where the goal was not reached.
func cells(columns []column, x rundir.Crossing, reached bool) []string {
	all := make([]string, len(columns))
	for i, c := range columns {
		if reached {
			all[i] = c.of(x)
		}
	}
	return all
}

func value(x float64) *float64 { return &x }

// full formats a number with all its digits; nil is empty.
func full(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}
