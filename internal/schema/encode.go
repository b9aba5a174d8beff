package schema

import (
	"bytes"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Encode writes the struct that src is or points to as YAML that Decode reads
// back to an equal value: keys in the order of the fields, a union's
// discriminator first. With comments, each key carries its doc and what values
// it allows. Readers of YAML 1.1, as Python's, read the same numbers and strings.
//
// A union that holds nothing is left out, since only a default can hold
// nothing. NaN, text that is not UTF-8, an unregistered kind and an empty element of a
// list are errors.
func Encode(src any, comments bool) ([]byte, error) {
	e := encoder{comments: comments}
	return e.encode(src)
}

func (e *encoder) encode(src any) ([]byte, error) {
	v := reflect.Indirect(reflect.ValueOf(src))
	if v.Kind() != reflect.Struct {
		panic(panicSource)
	}
	root := e.structure(v, "")
	if err := e.errs.err(); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	y := yaml.NewEncoder(&out)
	y.SetIndent(2)
	if err := y.Encode(root); err != nil {
		return nil, err
	}
	return out.Bytes(), y.Close()
}

type encoder struct {
	comments bool
	identity bool // leave out what says nothing, as Identity does
	first    bool // scalars as the first version wrote them
	errs     Errors
}

func (e *encoder) fail(path, problem string) {
	e.errs = append(e.errs, &Error{Path: path, Problem: problem})
}

// structure returns the mapping node of a struct.
func (e *encoder) structure(v reflect.Value, path string) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode}
	for _, f := range fieldsOf(v.Type()) {
		held, at := v.FieldByIndex(f.index), join(path, f.key)
		if held.Kind() == reflect.Interface && held.IsNil() {
			continue
		}
		if e.identity && f.late && f.isUnset(held) {
			continue
		}
		e.entry(node, f.key, e.value(held, f, at), f.comment())
	}
	if len(node.Content) == 0 {
		node.Style = yaml.FlowStyle
	}
	return node
}

// entry appends a key and its value to a mapping. The comment stands behind
// the value where that is on the key's line, else behind the key.
func (e *encoder) entry(mapping *yaml.Node, key string, value *yaml.Node, comment string) {
	k := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}
	if e.comments && comment != "" {
		if value.Kind == yaml.ScalarNode || value.Style&yaml.FlowStyle != 0 {
			value.LineComment = "# " + comment
		} else {
			k.LineComment = "# " + comment
		}
	}
	mapping.Content = append(mapping.Content, k, value)
}

// value returns the node of a value of any supported type.
func (e *encoder) value(v reflect.Value, f *field, path string) *yaml.Node {
	switch v.Kind() {
	case reflect.Struct:
		return e.structure(v, path)
	case reflect.Interface:
		return e.union(v, path)
	case reflect.Slice:
		return e.list(v, f, path)
	}
	if v.Kind() == reflect.Float64 && math.IsNaN(v.Float()) {
		e.fail(path, "NaN is no setting")
	}
	if v.Kind() == reflect.String && !utf8.ValidString(v.String()) {
		e.fail(path, "the text "+quote(v.String())+" is not UTF-8")
	}
	node := scalarNode(v, f)
	if !e.first {
		portable(node)
	}
	return node
}

// union returns the mapping node of a kind.
func (e *encoder) union(v reflect.Value, path string) *yaml.Node {
	u := unionOf(v.Type())
	name := u.nameOf(v)
	if name == "" {
		e.fail(path, "holds no registered kind of "+u.stage)
		return &yaml.Node{Kind: yaml.MappingNode}
	}
	node := &yaml.Node{Kind: yaml.MappingNode}
	e.entry(node, u.key, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, u.comment(name))
	node.Content = append(node.Content, e.structure(reflect.Indirect(v.Elem()), path).Content...)
	return node
}

// list returns the sequence node of a list, on one line if it is a short list
// of scalars.
func (e *encoder) list(v reflect.Value, f *field, path string) *yaml.Node {
	const short = 16
	node := &yaml.Node{Kind: yaml.SequenceNode}
	if v.Len() == 0 || v.Len() <= short && v.Type().Elem().Kind() != reflect.Interface {
		node.Style = yaml.FlowStyle
	}
	for i := range v.Len() {
		node.Content = append(node.Content, e.value(v.Index(i), f, item(path, i)))
	}
	return node
}

// comment is what a reader is told about a setting.
func (f *field) comment() string {
	names, allowed := f.names.String(), f.allowed()
	if f.in != nil {
		allowed = "in " + allowed
	}
	if names != "" {
		names = "by name, " + names
	}
	return strings.Join(slices.DeleteFunc([]string{f.doc, names, allowed}, func(s string) bool { return s == "" }), "; ")
}

// comment is what a reader is told about a kind and the choice of others.
func (u *union) comment(name string) string {
	summary := u.kinds[name].Summary
	if summary == "" {
		return u.choice()
	}
	return summary + "; " + u.choice()
}

// inline returns a value as YAML on one line, for documentation.
func inline(v reflect.Value, f *field) string {
	if v.Kind() == reflect.Interface && v.IsNil() {
		return ""
	}
	e := encoder{first: true}
	node := e.value(v, f, "")
	flow(node)
	text, err := yaml.Marshal(node)
	if err != nil || len(e.errs) > 0 {
		return ""
	}
	return strings.TrimSuffix(string(text), "\n")
}

// flow sets the node and all below it in flow style.
func flow(n *yaml.Node) {
	n.Style |= yaml.FlowStyle
	for _, child := range n.Content {
		flow(child)
	}
}
