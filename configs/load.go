package configs

import (
	"errors"
	"fmt"
	"strings"

	"ergon/internal/schema"
)

// DefaultPreset is what a program takes where no config is named.
const DefaultPreset = "mnist"

// Load returns the config of a source, with overrides such as
// rule.mask[0].p=0.1 applied in order. A source is a preset's name, a YAML file,
// a run directory, which stands for the config in it, or "-", standard input.
// A file that says base: SOURCE begins from that config instead of the
// defaults; a file there is relative to the one that names it.
func Load(source string, overrides []string) (*Config, error) {
	config, _, err := LoadFiles(source, overrides)
	return config, err
}

// LoadFiles is Load, and returns the files that the config was read from: its own and
// those that it begins from. Presets and standard input are no files.
func LoadFiles(source string, overrides []string) (config *Config, files []string, err error) {
	documents, err := open(source)
	if err != nil {
		return nil, nil, err
	}
	for _, d := range documents {
		if d.path != "" {
			files = append(files, d.path)
		}
	}
	config, err = resolve(documents, overrides)
	return config, files, err
}

// Read returns the config in a text, which messages call by a name.
func Read(text []byte, name string) (*Config, error) {
	d, err := newDocument(text, name, ".")
	if err != nil {
		return nil, err
	}
	return resolve([]document{d}, nil)
}

// resolve makes the config of documents, each over those before it, and of overrides.
func resolve(documents []document, overrides []string) (*Config, error) {
	config, tree := Default(), map[string]any{}
	var files []string
	var lines []func(string) schema.Place
	for _, d := range documents {
		if err := schema.Merge(tree, config, d.settings); err != nil {
			return nil, d.locate(err)
		}
		files, lines = append(files, d.file), append(lines, d.line)
	}
	for _, assignment := range overrides {
		if err := schema.Set(tree, config, assignment); err != nil {
			return nil, err
		}
	}
	where := schema.Overridden(overrides, schema.Layered(files, lines))
	if err := schema.Decode(tree, &config, where); err != nil {
		return nil, hinted(err)
	}
	return &config, nil
}

// hinted adds to problems what only a config's reader knows.
func hinted(err error) error {
	var all schema.Errors
	if errors.As(err, &all) {
		for _, e := range all {
			if e.Path == baseKey {
				e.Hint = "it is a key of files; a command names its config first"
			}
		}
	}
	return err
}

// unknownConfig is the error of a source that is neither a preset nor a file.
func unknownConfig(source string) error {
	hint := schema.DidYouMean(source, presets.names())
	if _, isBench := benches.text(source); isBench {
		hint = "it is a benchmark: ergon bench " + source
	} else if isSetting(source) {
		hint = "a setting is given a value: " + source + "=…"
	}
	if hint != "" {
		hint = "; " + hint
	}
	return fmt.Errorf("%s: neither a preset nor a file; presets are %s%s", source, strings.Join(presets.names(), ", "), hint)
}

// isSetting says whether a word is the name of a setting.
func isSetting(word string) bool {
	for _, s := range schema.Settings(Default()) {
		if s.Path == word || strings.HasSuffix(s.Path, "."+word) {
			return true
		}
	}
	return false
}
