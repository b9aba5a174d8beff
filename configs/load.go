package configs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/viper"

	"ergon/internal/schema"
)

// DefaultPreset is what Load takes where no config is named.
const DefaultPreset = "mnist"

// Load returns the config of a preset or a YAML file, with overrides such as
// rule.mask[0].p=0.1 applied in order. An empty source is DefaultPreset.
func Load(source string, overrides []string) (*Config, error) {
	if source == "" {
		source = DefaultPreset
	}
	text, file, err := read(source)
	if err != nil {
		return nil, err
	}
	return parse(text, file, overrides)
}

// read returns the text of a preset or file, and what to call it in messages.
func read(source string) (text []byte, file string, err error) {
	if text, ok := presets.text(source); ok {
		return text, "preset " + source, nil
	}
	text, err = os.ReadFile(source)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", unknownConfig(source)
	}
	return text, source, err
}

// parse reads YAML and overrides into a config. viper reads the document and
// keeps its keys in lower case; overrides are applied to its settings by
// schema, because viper's own cannot reach into lists.
func parse(text []byte, file string, overrides []string) (*Config, error) {
	line, err := schema.Lines(text)
	if err != nil {
		return nil, inFile(err, file)
	}
	v := viper.NewWithOptions(viper.KeyDelimiter("\x00")) // schema has refused keys that hold one
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	config, tree := Default(), v.AllSettings()
	for _, assignment := range overrides {
		if err := schema.Set(tree, config, assignment); err != nil {
			return nil, err
		}
	}
	where := schema.Overridden(overrides, func(path string) (string, int) { return file, line(path) })
	if err := schema.Decode(tree, &config, where); err != nil {
		return nil, err
	}
	return &config, nil
}

func unknownConfig(source string) error {
	hint := schema.DidYouMean(source, presets.names())
	if hint != "" {
		hint = "; " + hint
	}
	return fmt.Errorf("%s: neither a preset nor a file; presets are %s%s", source, strings.Join(presets.names(), ", "), hint)
}

// inFile names the file in errors that know only their line.
func inFile(err error, file string) error {
	var all schema.Errors
	if errors.As(err, &all) {
		for _, e := range all {
			e.File = file
		}
		return all
	}
	return fmt.Errorf("%s: %w", file, err)
}
