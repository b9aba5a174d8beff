package energy

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"ergon/internal/schema"
)

// A price's source is the table's, after the technology where the table names one.
func TestSourceOfPrices(t *testing.T) {
	for text, want := range map[string]string{
		"source: a data sheet\n":                      "a data sheet",
		"source: a data sheet\ntechnology: my chip\n": "my chip; a data sheet",
	} {
		if got := read(t, text).Price(account()).Source; got != want {
			t.Errorf("%q: source %q, want %q", text, got, want)
		}
	}
}

// A file as large as a table may be is read whole; one byte more and it is
// refused, even where its beginning is a table by itself.
func TestLargestTable(t *testing.T) {
	t.Chdir(t.TempDir())
	const table = "mac: 1\n"
	whole := table + strings.Repeat("#", schema.MaxDocument-len(table))
	write(t, "whole.yaml", whole)
	write(t, "large.yaml", whole+"\nadd: cheap\n")
	if _, err := OpenTable("whole.yaml"); err != nil {
		t.Error(err)
	}
	if _, err := OpenTable("large.yaml"); err == nil || !strings.Contains(err.Error(), "more than the 1048576 allowed") {
		t.Errorf("got %v, want too many bytes", err)
	}
}

// Of many mistakes the first 20 are told.
func TestProblemsOfATable(t *testing.T) {
	for n, want := range map[int]int{1: 1, 19: 19, 20: 20, 25: 20} {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "event%d: 1\n", i)
		}
		_, err := readTable("mine.yaml", []byte(text.String()))
		problems, ok := errors.AsType[schema.Errors](err)
		if !ok || len(problems) != want {
			t.Errorf("%d mistakes: %d are told, want %d", n, len(problems), want)
		}
	}
}

// The price may be either end of its range.
func TestRangeOfAPrice(t *testing.T) {
	for text, ok := range map[string]bool{
		"mac: {price: 1, low: 1, high: 1}": true,
		"mac: {price: 2, low: 1, high: 3}": true,
		"mac: {price: null, low: 1}":       true,
		"mac: {price: 1, low: 1.01}":       false,
		"mac: {price: 1, high: 0.99}":      false,
		"mac: {price: 0, low: 0, high: 0}": true,
	} {
		if _, err := readTable("mine.yaml", []byte(text)); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}
