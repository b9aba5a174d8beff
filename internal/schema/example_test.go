package schema_test

import (
	"fmt"

	"ergon/internal/schema"
)

type Clip interface{ Limit() float64 }

var Clips = schema.NewUnion[Clip]("kind", "clip")

type Value struct {
	Bound float64 `key:"bound" doc:"largest |Δw|" in:"(0,inf]"`
}

func (v *Value) Limit() float64 { return v.Bound }

func init() {
	Clips.Register("value", schema.Doc{Summary: "by value"}, func() Clip { return &Value{Bound: 1} })
}

type Rule struct {
	Clip Clip `key:"clip" doc:"how far a synapse may move"`
}

func Example() {
	rule := Rule{Clip: &Value{Bound: 1}}
	tree := map[string]any{"clip": "value"}
	if err := schema.Set(tree, rule, "clip.bound=0.5"); err != nil {
		fmt.Println(err)
	}
	if err := schema.Decode(tree, &rule, nil); err != nil {
		fmt.Println(err)
	}
	text, _ := schema.Encode(rule, true)
	fmt.Print(string(text))

	tree = map[string]any{"clip": map[string]any{"bond": 0.5}}
	fmt.Println(schema.Decode(tree, &rule, nil))
	// Output:
	// clip: # how far a synapse may move
	//   kind: value # by value; value
	//   bound: 0.5 # largest |Δw|; in (0,inf]
	// clip.bond: unknown key (keys of value: bound); did you mean "bound"?
}
