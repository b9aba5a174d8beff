// Package theory predicts what runs should show: bounds, free energies, learning
// curves. It holds what a theory is and what several of them share: tables that
// compare predictions with simulations, figures, numerical methods.
//
// Each theory stands in a package of its own. It is a spec whose settings are the
// fields of a struct, and registers itself in [Theories]; whoever wants it must import
// its package. `ergon theory` lists, explains and computes those of the program.
package theory

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"ergon/internal/schema"
)

// Theory is a prediction: a spec whose settings are its fields (tags as in
// package schema).
type Theory interface {
	// Predict computes the prediction. It returns early with the context's
	// error; that the settings cannot be computed is an error that names them.
	// Name and Params of the result are filled in by [Predict].
	Predict(ctx context.Context) (*Result, error)
}

// Informed is a Theory that is told which of its settings are given: with some, others have other
// defaults, or mean nothing.
type Informed interface {
	Theory
	// Given is called before the settings are read, with the keys of the first level that are given,
	// in lower case.
	Given(keys []string)
}

// Theories are the imported theories by name, each a pointer to a struct that holds
// its defaults.
var Theories = schema.NewUnion[Theory]("name", "theory")

// New returns the theory called name with the settings key=value that are given
// and its defaults for the others. Unknown names and keys, wrong types and
// values out of range are errors that say what was probably meant.
func New(name string, assignments []string) (Theory, error) {
	return Make(name, map[string]any{}, nil, assignments)
}

// Make is New with settings of a document before the assignments: tree has them, and where
// says where they were given.
func Make(name string, tree map[string]any, where schema.Locator, assignments []string) (Theory, error) {
	t, ok := Theories.New(name)
	if !ok {
		return nil, unknown(name)
	}
	if informed, ok := t.(Informed); ok {
		informed.Given(given(tree, assignments))
	}
	for _, assignment := range assignments {
		if err := schema.Set(tree, t, assignment); err != nil {
			return nil, err
		}
	}
	if err := schema.Decode(tree, t, schema.Overridden(assignments, where)); err != nil {
		return nil, err
	}
	return t, nil
}

// given returns the keys of the first level of a tree of settings and of assignments.
func given(tree map[string]any, assignments []string) (keys []string) {
	for key := range tree {
		keys = append(keys, strings.ToLower(key))
	}
	for _, assignment := range assignments {
		keys = append(keys, KeyOf(assignment))
	}
	return keys
}

// KeyOf returns the key of the first level of an assignment: rule of rule.mask[0].p=0.1.
func KeyOf(assignment string) string {
	path, _, _ := strings.Cut(assignment, "=")
	key, _, _ := strings.Cut(path, ".")
	key, _, _ = strings.Cut(key, "[")
	return strings.ToLower(strings.TrimSpace(key))
}

// unknown is the error of a name that no theory has.
func unknown(name string) error {
	return &schema.Error{
		Problem: fmt.Sprintf("unknown theory %q (theories: %s)", name, list(names())),
		Hint:    schema.DidYouMean(name, names()),
	}
}

// names returns the names of all theories, sorted.
func names() []string {
	var all []string
	for _, kind := range Theories.Kinds() {
		all = append(all, kind.Name)
	}
	return all
}

// Has says whether the theory called name has the setting key, or settings below it.
func Has(name, key string) bool {
	for _, kind := range Theories.Kinds() {
		if kind.Name == name {
			return slices.ContainsFunc(kind.Fields, func(f schema.Field) bool { return f.Key == key || strings.HasPrefix(f.Key, key+".") })
		}
	}
	return false
}

// Predict computes t's prediction and states with it what was computed: its
// name and all its settings.
func Predict(ctx context.Context, t Theory) (*Result, error) {
	text, err := schema.Encode(t, false)
	if err != nil {
		return nil, err
	}
	result, err := t.Predict(ctx)
	if err != nil {
		return nil, err
	}
	params := map[string]any{}
	if err := yaml.Unmarshal(text, &params); err != nil {
		return nil, err
	}
	maps.Copy(params, result.Params) // what a theory read elsewhere
	result.Name, result.Params = Theories.Name(t), params
	return result, nil
}
