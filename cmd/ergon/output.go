package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// printJSON prints a result for programs.
func printJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// printJSONLine prints a result for programs, on one line.
func printJSONLine(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(value)
}

// table prints rows in columns; the first row is the head.
func table(w io.Writer, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	return t.Flush()
}

// unprinted is the error that results could not be printed, which says where they are.
func unprinted(err error, path string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the result could not be printed: %w; it is in %s", err, path)
}

// percent prints an accuracy, or n/a for none.
func percent(accuracy *float64) string {
	if accuracy == nil {
		return "n/a"
	}
	return fmt.Sprintf("%.2f %%", 100**accuracy)
}

// ratio prints an inefficiency, or n/a for none.
func ratio(r *float64) string {
	if r == nil {
		return "n/a"
	}
	return fmt.Sprintf("%.4g", *r)
}

// joules prints an energy with its unit, J as a rule, or unknown.
func joules(j *float64, unit string) string {
	if j == nil {
		return "unknown"
	}
	return fmt.Sprintf("%.3g %s", *j, unit)
}

// brief is the head of a digest, by which a reader tells two apart.
func brief(digest string) string {
	const digits = 12
	if len(digest) <= digits {
		return digest
	}
	return digest[:digits] + "…"
}

// count prints a large number so that its size can be seen: 2.27e8.
func count(n int64) string {
	if n < 100_000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%.4g", float64(n))
}
