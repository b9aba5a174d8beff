package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"ergon/internal/schema"
)

// The flags here read what they are given as settings are read: 010 is no
// number, ~/ is the home directory, and a variable that holds nothing is not the default.

// pathVar defines a flag that names a file or a folder.
func pathVar(f *pflag.FlagSet, into *string, name, usage string) {
	f.Var((*pathFlag)(into), name, usage)
}

type pathFlag string

func (p *pathFlag) String() string { return string(*p) }
func (p *pathFlag) Type() string   { return "string" }

// Set implements pflag.Value.
func (p *pathFlag) Set(text string) error {
	path, err := namedPath(text)
	*p = pathFlag(path)
	return err
}

// namedPath returns the path that an argument or a flag names.
func namedPath(text string) (string, error) {
	if text == "" {
		return "", errors.New("the path is empty")
	}
	return schema.Path(text)
}

// intVar defines a flag that is a whole number.
func intVar(f *pflag.FlagSet, into *int, name string, value int, usage string) {
	*into = value
	f.Var(&numberFlag[int]{into: into, kind: "int"}, name, usage)
}

// floatVar defines a flag that is a number.
func floatVar(f *pflag.FlagSet, into *float64, name string, value float64, usage string) {
	*into = value
	f.Var(&numberFlag[float64]{into: into, kind: "float64"}, name, usage)
}

// intsVar defines a flag that is a list of whole numbers.
func intsVar(f *pflag.FlagSet, into *[]int, name string, value []int, usage string) {
	*into = value
	f.Var(&numberFlag[[]int]{into: into, kind: "intSlice", list: true}, name, usage)
}

// numberFlag reads a value as a setting of that type is read.
type numberFlag[T int | float64 | []int] struct {
	into *T
	kind string
	list bool // brackets may be left out
}

func (n *numberFlag[T]) String() string {
	if n.into == nil { // pflag asks the zero value
		return ""
	}
	return strings.ReplaceAll(fmt.Sprint(*n.into), " ", ",")
}

func (n *numberFlag[T]) Type() string { return n.kind }

// Set implements pflag.Value.
func (n *numberFlag[T]) Set(text string) error {
	var s struct {
		Value T `key:"value"`
	}
	if n.list && strings.TrimSpace(text) != "" && !strings.HasPrefix(text, "[") {
		text = "[" + text + "]"
	}
	tree := map[string]any{}
	err := schema.Set(tree, s, "value="+text)
	if err == nil {
		err = schema.Decode(tree, &s, nil)
	}
	if e, ok := errors.AsType[*schema.Error](err); ok {
		return &schema.Error{Problem: e.Problem, Hint: e.Hint}
	}
	*n.into = s.Value
	return nil
}
