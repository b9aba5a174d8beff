package schema

import (
	"fmt"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// oddBlanks are characters that look like a blank, or like nothing, and are
// none to YAML. They come with text that is copied from a web page or a
// document; a byte order mark also begins a file, where it is right.
const oddBlanks = "\u00a0\u2007\u202f\u3000\u200b\ufeff"

// bracketKey is a key such as rule.mask[0].p in braces.
var bracketKey = regexp.MustCompile(`[{,]\s*[\w.]+\[\d+\][\w.\[\]]*\s*:`)

// syntaxHint is what to do about a text that is not YAML.
func syntaxHint(text []byte) string {
	for _, hint := range []string{oddBlankHint(string(text)), tabHint(string(text))} {
		if hint != "" {
			return hint
		}
	}
	if bracketKey.Match(text) {
		return `a key with brackets needs quotes within braces: {"rule.mask[0].p": 0.1}`
	}
	return ""
}

// oddBlankHint names the first odd blank of a text and its line.
func oddBlankHint(text string) string {
	text = strings.TrimPrefix(text, "\ufeff")
	at := strings.IndexAny(text, oddBlanks)
	if at < 0 {
		return ""
	}
	r := []rune(text[at:])[0]
	return fmt.Sprintf("line %d has the character %U, which looks like a blank: write a plain one", 1+strings.Count(text[:at], "\n"), r)
}

// tabHint names the first line that is indented with tabs.
func tabHint(text string) string {
	for i, line := range strings.Split(text, "\n") {
		if strings.Contains(line[:len(line)-len(strings.TrimLeft(line, " \t"))], "\t") {
			return fmt.Sprintf("line %d is indented with a tab: use blanks", i+1)
		}
	}
	return ""
}

var (
	noBlank = regexp.MustCompile(`^[\w.\[\]]+:\S`)
	equals  = regexp.MustCompile(`^[\w.\[\]]+\s*=`)
)

// MappingHint is what to do about a document that should be a mapping and is not.
func MappingHint(n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode {
		return ""
	}
	if hint := oddBlankHint(n.Value); hint != "" {
		_, hint, _ = strings.Cut(hint, " has ") // the line is that of the node, and begins the message
		return "it has " + hint
	}
	switch {
	case noBlank.MatchString(n.Value):
		return "a blank belongs after the colon, as in seed: 3"
	case equals.MatchString(n.Value):
		return "a file has settings as seed: 3"
	}
	return ""
}
