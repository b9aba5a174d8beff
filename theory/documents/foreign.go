package documents

import (
	"strings"

	"ergon/configs"
	"ergon/internal/schema"
)

// foreign says of what is no theory document, but something else that the program reads,
// who reads it.
func foreign(tree map[string]any, file string) error {
	switch {
	case tree["compute"] != nil:
		return nil
	case tree["rules"] != nil && tree["goals"] != nil:
		return &schema.Error{File: file, Problem: "is a benchmark", Hint: "`ergon bench` runs it"}
	case isConfig(tree):
		return &schema.Error{File: file, Problem: "is a config", Hint: "`ergon train` trains it"}
	}
	return nil
}

// isConfig says whether all keys of a document are those of a config.
func isConfig(tree map[string]any) bool {
	own := map[string]bool{"base": true}
	for _, f := range schema.Settings(configs.Default()) {
		own[strings.FieldsFunc(f.Path, func(c rune) bool { return c == '.' || c == '[' })[0]] = true
	}
	for key := range tree {
		if !own[key] {
			return false
		}
	}
	return len(tree) > 0
}
