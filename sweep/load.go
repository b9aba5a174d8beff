package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ergon/configs"
	"ergon/internal/schema"
)

// Load returns the benchmark that comes with the program under the name source,
// or the one in the YAML file source.
func Load(source string, quick bool) (*Bench, error) {
	name := strings.TrimSuffix(filepath.Base(source), filepath.Ext(source))
	if text, ok := configs.BenchText(source); ok {
		return Parse(text, "benchmark "+source, name, quick)
	}
	text, err := os.ReadFile(source)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, unknownBench(source)
	} else if err != nil {
		return nil, err
	}
	b, err := Parse(text, source, name, quick)
	if err == nil {
		b.Base = relative(b.Base, filepath.Dir(source))
	}
	return b, err
}

// relative returns the base as configs takes it: a preset, or a file, which a
// benchmark in folder dir names relative to itself.
func relative(base, dir string) string {
	for _, p := range configs.Presets() {
		if p.Name == base {
			return base
		}
	}
	if file := filepath.Join(dir, base); !filepath.IsAbs(base) {
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
