package schema

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// matrices has lists of lists, whose rows may differ in length.
type matrices struct {
	Q     [][]float64 `key:"q" doc:"overlaps" in:"[-1,inf]"`
	Edges [][]int     `key:"edges"`
	Words [][]string  `key:"words" oneof:"a|b"`
}

func TestNestedLists(t *testing.T) {
	for text, want := range map[string]matrices{
		"":                                   {Q: [][]float64{{1}}},
		"q: [[1, 0.5], [0.5, 1]]":            {Q: [][]float64{{1, 0.5}, {0.5, 1}}},
		"q: []":                              {},
		"q: [[], [1]]":                       {Q: [][]float64{nil, {1}}},
		"q: [1, 2]":                          {Q: [][]float64{{1}, {2}}}, // each a row of one
		"q: 2":                               {Q: [][]float64{{2}}},
		"q: [[.inf], [∞]]":                   {Q: [][]float64{{math.Inf(1)}, {math.Inf(1)}}},
		"{q: [[3]], edges: [[0, 1], [2]]}":   {Q: [][]float64{{3}}, Edges: [][]int{{0, 1}, {2}}},
		"{q: [[3]], words: [[a, b], b, []]}": {Q: [][]float64{{3}}, Words: [][]string{{"a", "b"}, {"b"}, nil}},
	} {
		got := matrices{Q: [][]float64{{1}}}
		if err := Decode(tree(t, text), &got, nil); text != "" && err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}

func TestNestedListsRefuse(t *testing.T) {
	for text, want := range map[string]string{
		"q: [[1, 0], [x, 1]]":  `q[1][0]: want a number, got the string "x"`,
		"q: [[1, -2]]":         `q[0][1]: -2 is outside [-1,inf]`,
		"q: [[1], ~]":          `q[1]: has no value`,
		"q: [[1], [~]]":        `q[1][0]: has no value`,
		"q: [[1, [2]]]":        `q[0][1]: want a number, got a list`,
		"q: [{a: 1}]":          `q[0]: want a number, got a mapping`,
		"edges: [[1.5]]":       `edges[0][0]: want a whole number, got 1.5`,
		"words: [[a], [a, c]]": `words[1][1]: "c" is not one of a, b`,
	} {
		if err := Decode(tree(t, text), &matrices{}, nil); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

func TestNestedListsEncode(t *testing.T) {
	got, err := Encode(matrices{Q: [][]float64{{1, 0.5}, {0.5, 1e-7}, {}}, Words: [][]string{{"a"}}}, true)
	want := "q: [[1, 0.5], [0.5, 1.0e-07], []] # overlaps; in [-1,inf]\nedges: []\nwords: [[a]] # a | b\n"
	if err != nil || string(got) != want {
		t.Errorf("got %v\n%swant\n%s", err, got, want)
	}
	_, err = Encode(matrices{Q: [][]float64{{1}, {1, math.NaN()}}}, true)
	if want := "q[1][1]: NaN is no setting"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// An override may set a matrix, a row of it or one of its numbers.
func TestNestedListsSet(t *testing.T) {
	for _, c := range []struct {
		assignments []string
		want        [][]float64
	}{
		{[]string{"q=[[1,.05],[.05,1]]"}, [][]float64{{1, 0.05}, {0.05, 1}}},
		{[]string{"q[1][0]=.5"}, [][]float64{{1, 2}, {0.5, 4}}},
		{[]string{"q[0]=[7, 8, 9]", "q[2]=[5]"}, [][]float64{{7, 8, 9}, {3, 4}, {5}}},
	} {
		settings, got := map[string]any{}, &matrices{Q: [][]float64{{1, 2}, {3, 4}}}
		for _, assignment := range c.assignments {
			if err := Set(settings, got, assignment); err != nil {
				t.Fatal(err)
			}
		}
		before := got.Q
		if err := Decode(settings, got, nil); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got.Q); diff != "" {
			t.Errorf("%q (-want +got):\n%s", c.assignments, diff)
		}
		if diff := cmp.Diff([][]float64{{1, 2}, {3, 4}}, before); diff != "" {
			t.Errorf("%q changed the default:\n%s", c.assignments, diff)
		}
	}
	err := Set(map[string]any{}, &matrices{}, "q[0][1]=2")
	if want := "command line: q[0][1]: the list has 0 elements, so the next index is 0"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestNestedListsRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want, got := matrices{
			Q:     rapid.SliceOfN(rapid.SliceOfN(rapid.Float64Min(-1), 0, 20), 0, 20).Draw(t, "q"),
			Edges: rapid.SliceOf(rapid.SliceOf(rapid.Int())).Draw(t, "edges"),
		}, matrices{}
		text, err := Encode(want, rapid.Bool().Draw(t, "comments"))
		if err != nil {
			t.Fatal(err)
		}
		if err := decodeText(text, &got); err != nil {
			t.Fatalf("%v, of\n%s", err, text)
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("(-want +got):\n%s\nof\n%s", diff, text)
		}
	})
}
