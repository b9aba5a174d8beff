package schema

import (
	"fmt"
	"math"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// The scalars of YAML 1.1 (yaml.org/type), which PyYAML and others read by.
var (
	float11 = regexp.MustCompile(`^([-+]?([0-9][0-9_]*)\.[0-9_]*([eE][-+][0-9]+)?|\.[0-9][0-9_]*([eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
	int11   = regexp.MustCompile(`^([-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+)$`)
	other11 = regexp.MustCompile(`^(~|null|Null|NULL||y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF|<<|=|\d\d\d\d-\d\d?-\d\d?.*)$`)
	octal12 = regexp.MustCompile(`^0o[0-7]+$`)
)

// sort11 is what YAML 1.1 takes a plain scalar for.
func sort11(text string) string {
	switch {
	case int11.MatchString(text):
		return "int"
	case float11.MatchString(text):
		return "float"
	case other11.MatchString(text):
		return "other"
	}
	return "string"
}

// Whoever reads YAML by version 1.1 finds the numbers and strings that were written.
func TestEncodeForOtherReaders(t *testing.T) {
	var s struct {
		Text   []string  `key:"text"`
		Number []float64 `key:"number"`
	}
	s.Text = []string{
		"=", "<<", "~", "on", "On", "y", "N", "yes", "off", "null", "true", "", "0o10", "010", "08", "1_000", "0x1F", "0b1", "1:30", "190:20:30", "-1:30.5", "1e3", "1e-05",
		"1.5", ".5", "5.", "+1", "-1", ".inf", "-.inf", ".nan", "2001-01-01", "2001-1-1", "2001-12-14t21:59:43.10-05:00", "1.2.3", "12-run", "-", "- a", "a: b", "a #b", "#b", " a", "a ",
		"!t a", "*a", "&a", "@a", "`a", "%YAML", "|", ">", "'a", `"a`, "{a", "[a", "a,b", "? a", "a\nb", "a\u2028b", "日本", "\u00a0", "~/a", "./a", "../a", "/a", "a\tb", "a\u0085b", "😀",
	}
	s.Number = []float64{1e-5, 2.5e-7, 1e21, -1e-300, 0.1, 3, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), 5e-324, math.MaxFloat64, 123456789}
	text, err := Encode(&s, false)
	if err != nil {
		t.Fatal(err)
	}
	root, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	for i, n := range root.Content[1].Content {
		if n.Value != s.Text[i] || n.Style == 0 && (sort11(n.Value) != "string" || octal12.MatchString(n.Value)) {
			t.Errorf("the text %q is written as %q, in style %v, which YAML 1.1 reads as %s", s.Text[i], n.Value, n.Style, sort11(n.Value))
		}
	}
	for i, n := range root.Content[3].Content {
		if sort := sort11(n.Value); sort != "float" && !(sort == "int" && s.Number[i] == math.Trunc(s.Number[i])) {
			t.Errorf("the number %v is written as %s, which YAML 1.1 reads as %s", s.Number[i], n.Value, sort)
		}
	}
}

// The names of runs are hashes of this text: it is that of the first version, for good.
func TestIdentityStays(t *testing.T) {
	var s struct {
		Number []float64 `key:"number"`
		Text   []string  `key:"text"`
	}
	s.Number, s.Text = []float64{1e-5, 1e21, 0.1, math.Inf(1)}, []string{"=", "12-run", "a #b", "010"}
	text, err := Identity(&s)
	if want := "number: [1e-05, 1e+21, 0.1, .inf]\ntext: [=, 12-run, 'a #b', \"010\"]\n"; err != nil || string(text) != want {
		t.Errorf("got  %s\nwant %s, %v", text, want, err)
	}
}

// Bytes that are no text are refused, and a default of them is not told.
func TestEncodeRefusesBytes(t *testing.T) {
	if got := inline(reflect.ValueOf("a\xff"), &field{}); got != "" {
		t.Errorf("told as %q", got)
	}
	s := defaults()
	s.Name = "a\xff"
	if _, err := Encode(s, false); err == nil || !strings.Contains(fmt.Sprint(err), `name: the text "a\xff" is not UTF-8`) {
		t.Errorf("got %v", err)
	}
}
