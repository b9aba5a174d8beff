package theorytest

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"ergon/theory"
)

// Conform tests what must hold of every theory, at settings key=value of the theory
// called name that make it quick; a theory that can simulate must do so with them:
//
//   - its table has a number for each column of each row, and can be read as CSV, the
//     lines that begin with # skipped, and as JSON;
//   - its figure, if it has one, can be drawn;
//   - a prediction is the same bits on any number of cores;
//   - simulations are other ones with another seed, and change no prediction;
//   - they stop when the context ends.
func Conform(t *testing.T, name string, settings ...string) {
	made := New[theory.Theory](t, name, settings...)
	result := PredictionOf(t, made)
	t.Run("table", func(t *testing.T) { readable(t, result) })
	t.Run("figure", func(t *testing.T) { drawable(t, made, result) })
	t.Run("repeats", func(t *testing.T) {
		cores := runtime.GOMAXPROCS(1)
		again := Predict(t, name, settings...)
		runtime.GOMAXPROCS(cores)
		if Text(t, result) != Text(t, again) {
			t.Error("another result on one core")
		}
	})
	if !theory.Has(name, "simulate") {
		return
	}
	t.Run("seed", func(t *testing.T) {
		other := Predict(t, name, append(slices.Clip(settings), "seed=1")...)
		if Text(t, result) == Text(t, other) {
			t.Error("the same result with another seed")
		}
	})
	t.Run("prediction alone", func(t *testing.T) {
		predictionAlone(t, result, Predict(t, name, append(slices.Clip(settings), "simulate=0")...))
	})
	t.Run("stops", func(t *testing.T) {
		ctx, stop := context.WithCancel(context.Background())
		stop()
		if _, err := New[theory.Theory](t, name, settings...).Predict(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v after the context's end, want %v", err, context.Canceled)
		}
	})
}

// readable fails unless a result is a table that programs can read.
func readable(t *testing.T, r *theory.Result) {
	for i, row := range r.Rows {
		if len(row) != len(r.Columns) {
			t.Errorf("row %d has %d numbers for %d columns", i, len(row), len(r.Columns))
		}
	}
	if r.Labels != nil && len(r.Labels) != len(r.Rows) {
		t.Errorf("%d labels for %d rows", len(r.Labels), len(r.Rows))
	}
	reader := csv.NewReader(strings.NewReader(Text(t, r)))
	reader.Comment = '#'
	if rows, err := reader.ReadAll(); err != nil || len(rows) < 2 {
		t.Errorf("CSV of %d lines, %v", len(rows), err)
	}
	if _, err := json.Marshal(r); err != nil {
		t.Error(err)
	}
}

// drawable fails if a theory has a figure that cannot be drawn.
func drawable(t *testing.T, made theory.Theory, r *theory.Result) {
	if _, ok := made.(theory.Drawer); !ok {
		t.Skip("has no figure")
	}
	if err := theory.Draw(made, r, filepath.Join(t.TempDir(), "figure.svg")); err != nil {
		t.Error(err)
	}
}

// predictionAlone fails unless alone, the result without simulations, holds the same
// predictions as both, and nothing else.
func predictionAlone(t *testing.T, both, alone *theory.Result) {
	for c, column := range both.Columns {
		at := slices.Index(alone.Columns, column)
		if simulated(both, column) != (at < 0) {
			t.Errorf("column %s without simulations: at %d", column, at)
		}
		for r := range both.Rows {
			if at >= 0 && both.Rows[r][c] != alone.Rows[r][at] {
				t.Errorf("%s of row %d is %v with simulations, %v without", column, r, both.Rows[r][c], alone.Rows[r][at])
			}
		}
	}
	if alone.Scalars["worst_z"] != nil {
		t.Error("worst_z without simulations")
	}
}

// simulated says whether a column holds what simulations gave: it is an estimate, which
// has a column of errors and one of z, or one of these, or its name says so.
func simulated(r *theory.Result, column string) bool {
	estimate := strings.TrimSuffix(strings.TrimSuffix(column, "_error"), "_z")
	return strings.Contains(column, "_simulated") ||
		slices.Contains(r.Columns, estimate+"_error") && slices.Contains(r.Columns, estimate+"_z")
}
