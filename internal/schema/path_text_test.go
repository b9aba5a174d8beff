package schema

import (
	"strings"
	"testing"
)

func TestPath(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	for text, want := range map[string]string{
		"": "", "a/b c #3": "a/b c #3", "~/a": "/home/me/a", "~": "/home/me", "~/": "/home/me", "./~/a": "./~/a", "a~": "a~", "a/~/b": "a/~/b",
		"a$": "a$", "price$s": "price$s", "/a": "/a", "%A%": "%A%",
	} {
		if got, err := Path(text); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"$A": "not expanded", "${A}/b": "not expanded", "a/$B/c": "not expanded", "x${oc.env:A}": "not expanded", "$(pwd)": "not expanded",
		`a\$B`: "not expanded", "~bob/x": "or ./~bob for a file", "~bob": "home directory of bob", "a\nb": "control character",
	} {
		if got, err := Path(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %q, %v, want an error with %q", text, got, err, want)
		}
	}
	t.Setenv("HOME", "")
	if got, err := Path("~/a"); err == nil || !strings.Contains(err.Error(), "write the whole path") {
		t.Errorf("without a home: %q, %v", got, err)
	}
}
