package theory_test

import (
	"strings"
	"testing"

	"ergon/theory"
)

// Why a figure cannot be written is said before anything is computed.
func TestDrawable(t *testing.T) {
	directory := t.TempDir()
	for _, c := range []struct{ name, path, want string }{
		{"ridge", directory + "/a.png", ""},
		{"ridge", directory + "/a.svg", ""},
		{"ridge", directory + "/a.pdf", ""},
		{"ridge", directory + "/a.PNG", ""},
		{"ridge", directory + "/a.jpg", `no figure is written as "jpg"; want .pdf, .png, .svg`},
		{"ridge", directory + "/a", `no figure is written as ""`},
		{"ridge", directory + "/none/a.png", "no such file or directory"},
		{"table1", directory + "/a.png", "theory table1 has no figure"},
	} {
		made, err := theory.New(c.name, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = theory.Drawable(made, c.path)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s to %s: error %v, want %q in it", c.name, c.path, err, c.want)
		}
		if c.want == "" {
			continue
		}
		if err := theory.Draw(made, new(theory.Result), c.path); err == nil {
			t.Errorf("%s is drawn to %s", c.name, c.path)
		}
	}
}
