package sweep

import (
	"errors"
	"math"
	"strings"

	"go.yaml.in/yaml/v3"

	"ergon/internal/schema"
)

// The functions here return readers of one value each, for a [field].

// text reads a string; a number or a date is the text it was written as.
func (r *reader) text(into *string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n.Kind != yaml.ScalarNode || n.Value == "" {
			r.want(n, path, "a string")
			return
		}
		if strings.ContainsFunc(n.Value, unfit) {
			r.fail(n, path, "", "%q has line breaks or control characters, which tables and figures cannot show", n.Value)
		}
		*into = n.Value
	}
}

// meaning reads a string that stands for a path or a name, as schema's read it.
func (r *reader) meaning(into *string, read func(string) (string, error)) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.text(into)(n, path)
		text, err := read(*into)
		if bad, ok := errors.AsType[*schema.Error](err); ok {
			r.fail(n, path, bad.Hint, "%s", bad.Problem)
		}
		*into = text
	}
}

// texts reads a list of strings.
func (r *reader) texts(into *[]string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		*into = nil
		for i, item := range r.elements(n) {
			var text string
			r.text(&text)(item, element(path, i))
			*into = append(*into, text)
		}
	}
}

// flag reads true or false.
func (r *reader) flag(into *bool) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		if n.ShortTag() != "!!bool" || n.Decode(into) != nil {
			r.want(n, path, "true or false")
		}
	}
}

// number reads a finite number and checks it.
func (r *reader) number(into *float64, what string, allowed func(float64) bool) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		x, ok, err := schema.Number(n)
		switch bad, misread := errors.AsType[*schema.Error](err); {
		case misread:
			r.fail(n, path, bad.Hint, "%s", bad.Problem)
		case !ok || math.IsInf(x, 0) || !allowed(x):
			r.want(n, path, what)
		default:
			*into = x
		}
	}
}

// whole reads an integer of at least the given size, also one written as 2e5.
func (r *reader) whole(into *int, least int, what string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		var x float64
		r.number(&x, what, func(x float64) bool {
			return x == math.Trunc(x) && x >= float64(least) && x <= math.MaxInt32<<20
		})(n, path)
		*into = int(x)
	}
}

// maxCount bounds what a benchmark makes many of, far above what anyone waits for.
const maxCount = 100_000

// count reads how many of something a benchmark makes, from 1 to [maxCount].
func (r *reader) count(into *int, what string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.whole(into, 1, what)(n, path)
		if *into > maxCount {
			r.fail(n, path, "", "%s is too many, want at most %d", n.Value, maxCount)
			*into = 0
		}
	}
}

// numbers reads a list of numbers.
func (r *reader) numbers(into *[]float64, what string, allowed func(float64) bool) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		*into = nil
		for i, item := range r.elements(n) {
			var x float64
			r.number(&x, what, allowed)(item, element(path, i))
			*into = append(*into, x)
		}
	}
}

// measured reads a number that may be absent.
func (r *reader) measured(into **float64) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		x := new(float64)
		r.number(x, "a number from 0", func(x float64) bool { return x >= 0 })(n, path)
		*into = x
	}
}

// nats reads a likelihood that may be absent.
func (r *reader) nats(into **float64) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		x := new(float64)
		r.number(x, "a number of nats per example", func(float64) bool { return true })(n, path)
		*into = x
	}
}
