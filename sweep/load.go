package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ergon/configs"
	"ergon/internal/bounded"
	"ergon/internal/schema"
)

// Load returns the benchmark that comes with the program under the name source,
// the one in the YAML file source, or with "-" the one in standard input.
func Load(source string, quick bool) (*Bench, error) {
	if source == "" {
		return nil, errors.New("the benchmark's name is empty")
	}
	name := strings.TrimSuffix(filepath.Base(source), filepath.Ext(source))
	if text, ok := configs.BenchText(source); ok {
		return Parse(text, "benchmark "+source, name, quick)
	}
	text, file, err := read(source)
	if err != nil {
		return nil, err
	}
	if source == "-" {
		name = "stdin"
	}
	b, err := Parse(text, file, name, quick)
	if err == nil {
		b.Base = relative(b.Base, filepath.Dir(file))
	}
	return b, err
}

// read returns the text of a file, or of standard input, and what messages call it.
func read(source string) (text []byte, file string, err error) {
	if source == "-" {
		text, err = bounded.Stream(os.Stdin, "standard input", schema.MaxDocument)
		return text, "standard input", err
	}
	if file, err = schema.Path(source); err != nil {
		return nil, "", fmt.Errorf("the benchmark: %w", err)
	}
	text, err = bounded.Named(file, schema.MaxDocument)
	if errors.Is(err, fs.ErrNotExist) {
		err = unknownBench(source)
	} else if info, statErr := os.Stat(file); statErr == nil && info.IsDir() {
		err = fmt.Errorf("%s: is a folder; name a benchmark or a file", source)
	}
	return text, file, err
}

// relative returns the base as configs takes it: a preset, or a file, which a
// benchmark in folder dir names relative to itself.
func relative(base, dir string) string {
	if file := configs.Beside(dir, base); file != base {
		if _, err := os.Stat(file); err == nil {
			return file
		}
	}
	return base
}

func unknownBench(source string) error {
	var names []string
	for _, b := range configs.Benches() {
		names = append(names, b.Name)
	}
	hint := schema.DidYouMean(source, names)
	if slices.ContainsFunc(configs.Presets(), func(p configs.Preset) bool { return p.Name == source }) {
		hint = "it is a preset: ergon train " + source
	}
	if hint != "" {
		hint = "; " + hint
	}
	return fmt.Errorf("%s: neither a benchmark nor a file; benchmarks are %s%s", source, strings.Join(names, ", "), hint)
}

// Listed is a benchmark that comes with the program.
type Listed struct {
	Name    string `json:"name"`    // as in `ergon bench NAME`
	Summary string `json:"summary"` // the first comment line of its file
	Runtime string `json:"runtime"` // how long it takes, in words
}

// List lists the benchmarks that come with the program, by name.
func List() (all []Listed, err error) {
	for _, p := range configs.Benches() {
		b, err := Load(p.Name, false)
		if err != nil {
			return nil, err
		}
		all = append(all, Listed{p.Name, p.Summary, b.Runtime})
	}
	return all, nil
}
