package theory_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"ergon/internal/schema"
	"ergon/theory"
	"ergon/theory/theorytest"

	// The theories that these tests name.
	_ "ergon/theory/bounds"
	_ "ergon/theory/ladder"
	_ "ergon/theory/ridge"
	_ "ergon/theory/table1"
)

// A mistake in the settings says what was probably meant, and is the user's.
func TestWrongSettings(t *testing.T) {
	for _, c := range []struct {
		name, setting, want string
	}{
		{"bouds", "", `unknown theory "bouds"`},
		{"bouds", "", `did you mean "bounds"?`},
		{"bounds", "temprature=3", `unknown key (keys: run, n, n_digital, d, temperature, units, p_active, r); did you mean "temperature"?`},
		{"bounds", "n=0", "n: 0 is outside (0,inf)"},
		{"bounds", "p_active=2", "p_active: 2 is outside [0,1]"},
		{"bounds", "n=many", `n: want a number, got the string "many"`},
		{"bounds", "n", `has no "="`},
		{"ladder", "", "run: is empty"},
	} {
		var settings []string
		if c.setting != "" {
			settings = append(settings, c.setting)
		}
		_, err := theory.New(c.name, settings)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %s: %v, want %s", c.name, c.setting, err, c.want)
			continue
		}
		var one *schema.Error
		if !errors.As(err, &one) {
			t.Errorf("%s %s: %T is no error of settings", c.name, c.setting, err)
		}
	}
}

// A theory keeps nothing of an earlier one's settings.
func TestSettingsAreFresh(t *testing.T) {
	theorytest.Predict(t, "bounds", "n=7")
	if n := theorytest.Predict(t, "bounds").Params["n"]; n != 79510 {
		t.Errorf("n is %v, want the default 79510", n)
	}
}

// A result says what was computed, and writes what is unknown as such.
func TestResult(t *testing.T) {
	r := &theory.Result{
		Name: "test", Params: map[string]any{"a": math.Inf(1)},
		Scalars: map[string]*float64{"known": theory.Known(1.5), "unknown": theory.Known(math.NaN())},
		Columns: []string{"x", "y"}, Rows: [][]float64{{1, math.NaN()}, {math.Inf(1), 1e-21}},
		Labels: []string{"a, first", "b"}, Notes: []string{"⟨x⟩ > 0"},
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	rows := back["rows"].([]any)
	if got := rows[0].([]any); got[0] != 1.0 || got[1] != nil {
		t.Errorf("row %v, want 1 and null", got)
	}
	if got := rows[1].([]any); got[0] != nil || got[1] != 1e-21 {
		t.Errorf("row %v, want null and 1e-21", got)
	}
	scalars := back["scalars"].(map[string]any)
	if value, ok := scalars["unknown"]; !ok || value != nil || scalars["known"] != 1.5 {
		t.Errorf("scalars %v", scalars)
	}
	var out bytes.Buffer
	if err := r.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	want := "# known: 1.5\n# unknown: \n# ⟨x⟩ > 0\nrow,x,y\n\"a, first\",1,\nb,,1e-21\n"
	if out.String() != want {
		t.Errorf("CSV is\n%swant\n%s", out.String(), want)
	}
}

// Infinities within lists and mappings of settings are words in JSON, which has no number for them.
func TestInfiniteSettingsInJSON(t *testing.T) {
	r := &theory.Result{Params: map[string]any{"rule": map[string]any{"clip": map[string]any{"bound": []any{math.Inf(1), 0.5}}}}}
	text, err := json.Marshal(r)
	if err != nil || !strings.Contains(string(text), `"bound":["inf",0.5]`) {
		t.Errorf("%s, %v", text, err)
	}
}

// The first key of an assignment is the section that it is about.
func TestKeyOf(t *testing.T) {
	for assignment, want := range map[string]string{"eta=1": "eta", "Rule.mask[0].p=0.1": "rule", "rule={a: b.c}": "rule", "q[0][1]=2": "q", "x": "x"} {
		if got := theory.KeyOf(assignment); got != want {
			t.Errorf("%s: %s, want %s", assignment, got, want)
		}
	}
}
