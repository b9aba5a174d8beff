package schema

import (
	"strings"
	"testing"
)

// A place is as deep as the way to it is long; beyond the end of a list it is the list's.
func TestDepthOfPlaces(t *testing.T) {
	line, err := Lines([]byte("model:\n  hidden:\n    - 3\n    - 4\n"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]Place{
		"":                {Line: 1, Given: true},
		"seed":            {Line: 1},
		"model":           {Line: 1, Depth: 1, Given: true},
		"model.bias":      {Line: 1, Depth: 1},
		"model.hidden":    {Line: 2, Depth: 2, Given: true},
		"model.hidden[1]": {Line: 4, Depth: 3, Given: true},
		"model.hidden[2]": {Line: 2, Depth: 2},
	} {
		if got := line(path); got != want {
			t.Errorf("%q: %+v, want %+v", path, got, want)
		}
	}
}

// What no document has is told at the one that was read last.
func TestLayeredOfWhatNobodyHas(t *testing.T) {
	line, err := Lines([]byte("seed: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	if file, at := Layered([]string{"only"}, []func(string) Place{line})("name"); file != "only" || at != 1 {
		t.Errorf("%s:%d, want only:1", file, at)
	}
}

// A key by which another reader would choose a kind has a hint where a kind is chosen, and only there.
func TestHintOfTheKindsKey(t *testing.T) {
	for problem, tree := range map[string]map[string]any{
		`the mask is chosen by the key "kind"`: {"rule": map[string]any{"mask": []any{map[string]any{"name": "full"}}}},
		`(keys of model: hidden, bias, init)`:  {"model": map[string]any{"type": "mlp"}},
	} {
		err := Decode(tree, defaults(), nil)
		if err == nil || !strings.HasSuffix(err.Error(), problem) {
			t.Errorf("%v: got %v, want %s", tree, err, problem)
		}
	}
}

// An element is named in a hint only if the list has it, or is empty and would have it first.
func TestHintsOfElements(t *testing.T) {
	for _, c := range []struct {
		assignments []string
		hint        string
	}{
		{[]string{"rule.mask=[full]", "rule.mask.0.p=1"}, "an element is rule.mask[0].p"},
		{[]string{"rule.mask=[full]", "rule.mask.1.p=1"}, ""},
		{[]string{"rule.mask=[full]", "rule.mask={p: 1}"}, "name its kind for another list, or set rule.mask[0].p in the list"},
		{[]string{"rule.mask=[]", "rule.mask={p: 1}"}, ""},
	} {
		tree := map[string]any{}
		var err error
		for _, a := range c.assignments {
			err = Set(tree, defaults(), a)
		}
		if bad, ok := err.(*Error); !ok || bad.Hint != c.hint {
			t.Errorf("%v: %v, want the hint %q", c.assignments, err, c.hint)
		}
	}
}

// A word for a list of texts is text; for a list of numbers it is YAML.
func TestTextsForLists(t *testing.T) {
	tree := map[string]any{}
	if err := Set(tree, defaults(), "tags=a: b #c"); err != nil || tree["tags"] != "a: b #c" {
		t.Errorf("%v, %v, want the text as it is", tree, err)
	}
	if err := Set(tree, defaults(), "goals=0.5 #c"); err == nil {
		t.Errorf("a comment behind a number is no part of it: %v", tree)
	}
}

// What is wrong with the first character is wrong, too.
func TestFirstCharacters(t *testing.T) {
	if hint := syntaxHint([]byte("\u00a0seed: 3")); !strings.Contains(hint, "line 1 has the character U+00A0") {
		t.Errorf("hint %q", hint)
	}
	if path, err := Path("\nx"); err == nil {
		t.Errorf("the path %q passes", path)
	}
}

// A tag says what a text stands for, and Decode reads it so.
func TestTexts(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	var got struct {
		Dir   string   `key:"dir" text:"path"`
		Name  string   `key:"name" text:"name"`
		Files []string `key:"files" text:"path"`
		Plain string   `key:"plain"`
	}
	err := Decode(map[string]any{"dir": "~/a", "name": "~", "files": []any{"~/b"}, "plain": "~/a"}, &got, nil)
	if err != nil || got.Dir != "/home/me/a" || got.Name != "~" || got.Files[0] != "/home/me/b" || got.Plain != "~/a" {
		t.Errorf("%+v, %v", got, err)
	}
	if err := Decode(map[string]any{"name": "$A"}, &got, nil); err == nil {
		t.Errorf("a name with a variable passes: %+v", got)
	}
	for what, dst := range map[string]any{
		"no such text": &struct {
			A string `key:"a" text:"word"`
		}{},
		"a number": &struct {
			A int `key:"a" text:"path"`
		}{},
		"a choice": &struct {
			A string `key:"a" text:"path" oneof:"x|y"`
		}{},
	} {
		func() {
			defer func() {
				if p := recover(); p != panicText {
					t.Errorf("%s: panic %v, want %s", what, p, panicText)
				}
			}()
			_ = Decode(nil, dst, nil)
		}()
	}
}

// A version that is not read is told with its line, however lines end.
func TestLineOfTheVersion(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		text := strings.Join([]string{"# a", "", "# b", "%YAML 2.0", "---", "seed: 1"}, end)
		_, err := Lines([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), "line 4: is a document of YAML 2.0") {
			t.Errorf("lines ending in %q: %v", end, err)
		}
	}
}
