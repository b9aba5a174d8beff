package schema

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Error is one problem with one setting.
type Error struct {
	File    string // where it was given, CommandLine for an override, "" if unknown
	Line    int    // line in File from 1, or 0 if unknown
	Path    string // the setting, as in rule.mask[0].p; "" is the whole tree
	Problem string // lower case, no full stop
	Hint    string // what to do about it, or ""
}

// Error returns one line: file:line: path: problem; hint.
func (e *Error) Error() string {
	var b strings.Builder
	switch {
	case e.File != "" && e.Line > 0:
		fmt.Fprintf(&b, "%s:%d: ", e.File, e.Line)
	case e.File != "":
		fmt.Fprintf(&b, "%s: ", e.File)
	case e.Line > 0:
		fmt.Fprintf(&b, "line %d: ", e.Line)
	}
	if e.Path != "" {
		b.WriteString(e.Path + ": ")
	}
	b.WriteString(e.Problem)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Errors are the problems of a whole tree, at most 20, ordered by file and line.
type Errors []*Error

// Error returns the problems, one per line.
func (e Errors) Error() string {
	lines := make([]string, len(e), len(e)+1)
	for i, problem := range e {
		lines[i] = problem.Error()
	}
	if len(e) >= maxProblems {
		lines = append(lines, fmt.Sprintf("at most %d problems are listed", maxProblems))
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives errors.As access to each problem.
func (e Errors) Unwrap() []error {
	list := make([]error, len(e))
	for i, problem := range e {
		list[i] = problem
	}
	return list
}

// err returns e in order, or nil if there are no problems.
func (e Errors) err() error {
	if len(e) == 0 {
		return nil
	}
	slices.SortStableFunc(e, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return e
}

// A fieldError is a Validate method's complaint about one of its fields.
type fieldError struct{ key, problem string }

func (e *fieldError) Error() string { return e.key + ": " + e.problem }

// Fieldf returns the error by which a Validate method blames the setting key
// (or a path below it, such as hidden[2]) of its own struct.
func Fieldf(key, format string, args ...any) error {
	return &fieldError{key, fmt.Sprintf(format, args...)}
}

// complaints splits what a Validate method returned into the keys it blames
// ("" is the struct itself) and the problems. Joined errors count one by one.
func complaints(err error) []fieldError {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var list []fieldError
		for _, e := range joined.Unwrap() {
			list = append(list, complaints(e)...)
		}
		return list
	}
	if f, ok := err.(*fieldError); ok {
		return []fieldError{*f}
	}
	if f, ok := errors.AsType[*fieldError](err); ok {
		return []fieldError{{f.key, err.Error()}}
	}
	return []fieldError{{"", err.Error()}}
}

// Under gives an error made by Fieldf the path of the settings that it is about,
// as Decode does, for checks that can be made only later. Other errors, and
// nil, it returns as they are.
func Under(path string, err error) error {
	if field, ok := errors.AsType[*fieldError](err); ok {
		return &Error{Path: join(path, field.key), Problem: field.problem}
	}
	return err
}

// IsField says whether an error, or one that it wraps, was made by Fieldf.
func IsField(err error) bool {
	_, ok := errors.AsType[*fieldError](err)
	return ok
}
