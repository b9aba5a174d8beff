package documents

import (
	"strings"

	"ergon/internal/schema"
	"ergon/theory"
)

// command returns the call that computes a theory alone: its name, and the settings that
// are not its defaults.
func command(name string, made theory.Theory) string {
	fresh, _ := theory.Theories.New(name)
	defaults := map[string]string{}
	for _, s := range schema.Settings(fresh) {
		defaults[s.Path] = s.Default
	}
	words := []string{"ergon theory", name}
	for _, s := range schema.Settings(made) {
		if s.Default != defaults[s.Path] {
			words = append(words, quoted(s.Path+"="+s.Default))
		}
	}
	return strings.Join(words, " ")
}

// quoted returns a word as a shell takes it.
func quoted(word string) string {
	if !strings.ContainsAny(word, " \t\n\"'\\$`*?[](){}<>|&;#~!") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
