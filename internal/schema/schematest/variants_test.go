package schematest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"ergon/internal/schema"
	"ergon/internal/schema/schematest"
)

type shape interface{ area() float64 }

var shapes = schema.NewUnion[shape]("kind", "shape")

type inner struct {
	Depth int `key:"depth" in:"[1,inf)"`
}

type square struct {
	Open   float64     `key:"open" in:"(0,1)"`
	Side   float64     `key:"side" in:"(0,inf)"`
	Count  int         `key:"count" in:"[0,1e9]"`
	Round  bool        `key:"round"`
	Colour string      `key:"colour" oneof:"|red|blue"`
	Sizes  []int       `key:"sizes" in:"[2,inf)"`
	Inner  inner       `key:"inner"`
	Within shape       `key:"within"`
	Odd    int         `key:"odd"`
	Matrix [][]float64 `key:"matrix"`
}

func (square) area() float64 { return 1 }

// Validate refuses the even.
func (s square) Validate() error {
	if s.Odd%2 == 0 {
		return errors.New("even")
	}
	return nil
}

type point struct{}

func (point) area() float64 { return 0 }

// named cannot be varied: nothing says what its name may be.
type named struct {
	Name string `key:"name"`
}

func (named) area() float64 { return 0 }

func init() {
	shapes.Register("point", schema.Doc{}, func() shape { return point{} })
	shapes.Register("square", schema.Doc{}, func() shape {
		return square{Open: 0.5, Side: 3, Round: true, Sizes: []int{4, 5}, Inner: inner{7}, Within: point{}, Odd: 1}
	})
}

func TestVariants(t *testing.T) {
	all := schematest.Variants(t, shapes)
	if len(all) != 12 {
		t.Fatalf("%d variants, want one of point and 11 of square: %+v", len(all), all)
	}
	values := map[string]square{}
	for _, v := range all[1:] {
		if v.Kind != "square" || v.IsDefault() != (v.Name == "square") {
			t.Errorf("%+v", v)
		}
		values[v.Name] = v.Value.(square)
	}
	base := values["square"]
	if base.Side != 3 || base.Inner.Depth != 7 {
		t.Errorf("%+v are not the defaults", base)
	}
	for name, got := range map[string]any{
		"square.open=0.25":      values["square.open=0.25"].Open,
		"square.side=6":         values["square.side=6"].Side,
		"square.count=1":        values["square.count=1"].Count,
		"square.round=false":    values["square.round=false"].Round,
		"square.colour=red":     values["square.colour=red"].Colour,
		"square.sizes=[2]":      values["square.sizes=[2]"].Sizes,
		"square.inner.depth=14": values["square.inner.depth=14"].Inner.Depth,
		"square.odd=3":          values["square.odd=3"].Odd,
		"square.matrix=[[2]]":   values["square.matrix=[[2]]"].Matrix,
	} {
		if _, want, _ := strings.Cut(name, "="); fmt.Sprint(got) != want {
			t.Errorf("%s is %v", name, got)
		}
	}
	if within := values["square.within=square"].Within; shapes.Name(within) != "square" {
		t.Errorf("within: %+v", within)
	}
}

func TestOfStartsFromItsBase(t *testing.T) {
	for _, v := range schematest.Of(t, shapes, shapes.Kinds()[1], map[string]any{"inner.depth": 2, "side": 6}) {
		s := v.Value.(square)
		if (s.Inner.Depth == 2) == strings.Contains(v.Name, "depth") || (s.Side == 6) == strings.Contains(v.Name, "side") {
			t.Errorf("%+v", v)
		}
	}
}

// recorder takes note of a failure.
type recorder struct {
	testing.TB
	failures []string
}

func (*recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func TestWhatCannotBeVariedFails(t *testing.T) {
	type thing interface{ area() float64 }
	things := schema.NewUnion[thing]("kind", "thing")
	things.Register("named", schema.Doc{}, func() thing { return named{} })
	things.Register("even", schema.Doc{}, func() thing { return square{} })
	r := &recorder{}
	if all := schematest.Variants(r, things); len(all) != 1 || len(r.failures) != 2 {
		t.Fatalf("%+v, failures %q", all, r.failures)
	}
	for i, want := range []string{"even: value: even", "named: found no other value of name"} {
		if !strings.Contains(r.failures[i], want) {
			t.Errorf("failure %q, want %q", r.failures[i], want)
		}
	}
}
