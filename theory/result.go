package theory

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Result is what a theory predicts. Units belong to the names of scalars and
// columns or stand in the notes. NaN is an unknown cell of Rows.
type Result struct {
	Name    string              // of the theory
	Params  map[string]any      // all settings
	Scalars map[string]*float64 // single numbers; nil: unknown
	Columns []string            // the names of what a row holds
	Rows    [][]float64         // [rows][columns]
	Labels  []string            // [rows], what each row is; nil: rows need no names
	Notes   []string            // what a reader must know to read the numbers rightly
}

// Known returns a scalar for [Result.Scalars], nil where value is NaN or
// infinite: such a number is no prediction.
func Known(value float64) *float64 {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return nil
	}
	return &value
}

// MarshalJSON implements json.Marshaler: what is unknown, and what JSON has no
// number for, is null.
func (r *Result) MarshalJSON() ([]byte, error) {
	rows := make([][]*float64, len(r.Rows))
	for i, row := range r.Rows {
		rows[i] = make([]*float64, len(row))
		for j, value := range row {
			rows[i][j] = Known(value)
		}
	}
	scalars := r.Scalars
	if scalars == nil {
		scalars = map[string]*float64{}
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // names hold ⟨, > and such
	err := e.Encode(struct {
		Name    string              `json:"name"`
		Params  map[string]any      `json:"params"`
		Scalars map[string]*float64 `json:"scalars"`
		Columns []string            `json:"columns"`
		Rows    [][]*float64        `json:"rows"`
		Labels  []string            `json:"labels,omitempty"`
		Notes   []string            `json:"notes"`
	}{r.Name, finite(r.Params), scalars, orEmpty(r.Columns), rows, r.Labels, orEmpty(r.Notes)})
	return text.Bytes(), err
}

// finite returns params with infinities as the strings that settings accept.
func finite(params map[string]any) map[string]any {
	params = maps.Clone(params)
	for key, value := range params {
		params[key] = finiteValue(value)
	}
	return params
}

// finiteValue is finite of what a mapping holds.
func finiteValue(value any) any {
	switch v := value.(type) {
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return strings.ToLower(strings.TrimPrefix(fmt.Sprint(v), "+"))
		}
	case map[string]any:
		return finite(v)
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = finiteValue(v[i])
		}
		return list
	}
	return value
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// WriteCSV writes the columns and rows as CSV, after lines that begin with #
// and hold the scalars and the notes. What is unknown is left empty.
func (r *Result) WriteCSV(w io.Writer) error {
	var head strings.Builder
	for _, name := range slices.Sorted(maps.Keys(r.Scalars)) {
		fmt.Fprintf(&head, "# %s: %s\n", name, number(r.Scalars[name]))
	}
	for _, note := range r.Notes {
		fmt.Fprintf(&head, "# %s\n", strings.ReplaceAll(note, "\n", "\n# "))
	}
	if _, err := io.WriteString(w, head.String()); err != nil {
		return err
	}
	if len(r.Columns) == 0 {
		return nil
	}
	return csv.NewWriter(w).WriteAll(r.table())
}

// table returns the head and the rows as text, with labels before the numbers.
func (r *Result) table() [][]string {
	columns := r.Columns
	if r.Labels != nil {
		columns = append([]string{"row"}, columns...)
	}
	table := [][]string{columns}
	for i, row := range r.Rows {
		var cells []string
		if r.Labels != nil {
			cells = append(cells, r.Labels[i])
		}
		for _, value := range row {
			cells = append(cells, number(Known(value)))
		}
		table = append(table, cells)
	}
	return table
}

// number writes a value with as many digits as it has, nothing for unknown.
func number(value *float64) string {
	if value == nil {
		return ""
	}
	return strconv.FormatFloat(*value, 'g', -1, 64)
}

// list joins names for a message.
func list(names []string) string { return strings.Join(names, ", ") }
