package schema

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestUnion(t *testing.T) {
	if m, ok := masks.New("subnet"); !ok || m != (subnet{10}) {
		t.Errorf("New(subnet) = %v, %v", m, ok)
	}
	if m, ok := masks.New("none"); ok || m != nil {
		t.Errorf("New(none) = %v, %v", m, ok)
	}
	for want, m := range map[string]mask{"full": full{}, "bernoulli": &bernoulli{}} {
		if got := masks.Name(m); got != want {
			t.Errorf("Name(%T) = %q, want %q", m, got, want)
		}
	}
	for _, m := range []mask{nil, (*bernoulli)(nil), &subnet{}} {
		if got := masks.Name(m); got != "" {
			t.Errorf("Name(%T) = %q, want none", m, got)
		}
	}
}

func TestKinds(t *testing.T) {
	want := []Kind{
		{"bernoulli", "each synapse with probability p", "test, eq. 1", "ties are kept", []Field{
			{"p", "probability of an update", "float", "0.5", "(0,1]", ""},
			{"redraw", "when the mask is drawn anew", "string", "step", "step | never", ""},
			{"biases", "biases are masked too", "bool", "false", "", ""},
			{"layers", "layers masked, from 0; empty for all", "list of int", "[]", "[0,inf)", ""},
		}},
		{"both", "", "", "", []Field{{"of", "masks that all must allow", "list of mask", "[]", "bernoulli | both | full | subnet", ""}}},
		{"full", "all synapses", "", "", nil},
		{"subnet", "k units", "", "", []Field{{"k", "units kept", "int", "10", "[1,inf)", ""}}},
	}
	if diff := cmp.Diff(want, masks.Kinds()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type device interface{ isDevice() }

type cpu struct {
	Model model       `key:"model"`
	Init  initializer `key:"init"`
	First mask        `key:"first"`
}

func (cpu) isDevice() {}

func TestKindsOfNestedSettings(t *testing.T) {
	u := NewUnion[device]("kind", "device")
	u.Register("cpu", Doc{}, func() device { return cpu{Model: defaults().Model, First: &both{[]mask{full{}}}} })
	want := []Field{
		{"model.hidden", "units per hidden layer", "list of int", "[100]", "[1,inf)", ""},
		{"model.bias", "bias of each unit", "string", "true", "true | false | unit", ""},
		{"model.init", "initial weights", "initializer", "{kind: he}", "he | normal", ""},
		{"init", "", "initializer", "", "he | normal", ""},
		{"first", "", "mask", "{kind: both, of: [{kind: full}]}", "bernoulli | both | full | subnet", ""},
	}
	if diff := cmp.Diff(want, u.Kinds()[0].Fields); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type (
	number interface{ isNumber() }
	badTag struct{}
	shadow struct {
		Kind string `key:"kind"`
	}
	scalar int
	orphan interface{ isOrphan() }
)

func (badTag) isNumber() {}
func (shadow) isNumber() {}
func (scalar) isNumber() {}

func TestPanics(t *testing.T) {
	numbers := NewUnion[number]("kind", "number")
	numbers.Register("bad", Doc{}, func() number { return badTag{} })
	register := func(name string, v number) func() {
		return func() { numbers.Register(name, Doc{}, func() number { return v }) }
	}
	decode := func(dst any) func() { return func() { _ = Decode(nil, dst, nil) } }
	type key string
	for name, c := range map[string]struct {
		do   func()
		want string
	}{
		"no interface":     {func() { NewUnion[int]("kind", "int") }, panicNotInterface},
		"two unions":       {func() { NewUnion[mask]("kind", "mask") }, panicUnionTwice},
		"no discriminator": {func() { NewUnion[error]("", "error") }, panicUnionKey},
		"upper case":       {func() { NewUnion[error]("Kind", "error") }, panicUnionKey},
		"same name":        {register("bad", shadow{}), panicKindTwice + `: number "bad"`},
		"same type":        {register("bad2", badTag{}), panicKindTwice + `: number "bad2"`},
		"no name":          {register("", shadow{}), panicKindTwice + `: number ""`},
		"nil":              {register("nil", nil), panicKindType},
		"nil pointer":      {register("nil", (*shadow)(nil)), panicKindType},
		"no struct":        {register("scalar", scalar(1)), panicKindType},
		"discriminator":    {register("shadow", shadow{}), panicKindKey},
		"no pointer":       {decode(run{}), panicDestination},
		"nil destination":  {decode((*run)(nil)), panicDestination},
		"no union": {decode(&struct {
			A orphan `key:"a"`
		}{}), panicNoUnion},
		"unsupported": {decode(&struct {
			A map[string]int `key:"a"`
		}{}), panicFieldType},
		"unsupported list": {decode(&struct {
			A []bool `key:"a"`
		}{}), panicFieldType},
		"unsupported list of lists": {decode(&struct {
			A [][]mask `key:"a"`
		}{}), panicFieldType},
		"lists three deep": {decode(&struct {
			A [][][]int `key:"a"`
		}{}), panicFieldType},
		"pointer": {decode(&struct {
			A *int `key:"a"`
		}{}), panicFieldType},
		"unexported": {decode(&struct {
			a int `key:"a"`
		}{}), panicUnexported},
		"upper case key": {decode(&struct {
			A int `key:"A"`
		}{}), panicKey},
		"dotted key": {decode(&struct {
			A int `key:"a.b"`
		}{}), panicKey},
		"key twice": {decode(&struct {
			A, B int `key:"a"`
		}{}), panicKeyTwice},
		"two-line doc": {decode(&struct {
			A int "key:\"a\" doc:\"x\\ny\""
		}{}), panicDoc},
		"interval of string": {decode(&struct {
			A string `key:"a" in:"[0,1]"`
		}{}), panicNotNumeric},
		"oneof of int": {decode(&struct {
			A int `key:"a" oneof:"1|2"`
		}{}), panicNotString},
		"no interval": {decode(&struct {
			A int `key:"a" in:"0,1"`
		}{}), panicInterval},
		"one end": {decode(&struct {
			A int `key:"a" in:"[0001]"`
		}{}), panicInterval},
		"ends swapped": {decode(&struct {
			A int `key:"a" in:"[1,0]"`
		}{}), panicInterval},
		"no struct source": {func() { _, _ = Encode(key("a"), false) }, panicSource},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if got := recover(); got != c.want {
					t.Errorf("panic %v, want %q", got, c.want)
				}
			}()
			c.do()
		})
	}
}
