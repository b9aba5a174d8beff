package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
)

// What a string setting is: the tag text.
const (
	pathText = "path" // of a file or folder: see [Path]
	nameText = "name" // what the user calls something
)

// variable is what other programs replace by a variable of the environment.
var variable = regexp.MustCompile(`(^|[/\\])\$[\w({]|\$\{`)

// Path returns the path of a file or folder that a setting or a flag names: ~/ at its
// start is the home directory, since a shell expands it only at the start of a
// word. What another program would expand, and Ergon does not, is refused, lest
// a folder of that name appear; so are control characters. The error is an
// [*Error] without place.
func Path(text string) (string, error) {
	if i := strings.IndexFunc(text, unicode.IsControl); i >= 0 {
		return "", &Error{Problem: "the path " + quote(text) + " holds a control character"}
	}
	if err := unexpanded(text); err != nil {
		return "", err
	}
	home, rest, _ := strings.Cut(text, "/")
	switch {
	case home == "~":
		dir, err := os.UserHomeDir()
		if err != nil {
			return "", &Error{Problem: fmt.Sprintf("%s has no home directory to stand for: %v", quote(text), err), Hint: "write the whole path"}
		}
		return filepath.Join(dir, rest), nil
	case strings.HasPrefix(home, "~"):
		return "", &Error{
			Problem: "the home directory of " + strings.TrimPrefix(home, "~") + " is not looked up in " + quote(text),
			Hint:    "write the whole path, or ./" + home + " for a file of that name",
		}
	}
	return text, nil
}

// unexpanded refuses a text that other programs would expand.
func unexpanded(text string) error {
	if variable.MatchString(text) {
		return &Error{Problem: quote(text) + " holds a variable, and settings are not expanded", Hint: "write the value itself"}
	}
	return nil
}

// Name returns what a setting calls something, or refuses what other programs
// would expand; see [Path].
func Name(text string) (string, error) { return text, unexpanded(text) }
