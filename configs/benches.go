package configs

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed benches
var benches embed.FS

// Benches lists by name the benchmarks that come with the program: which rules
// are compared, from which preset. Package sweep reads and runs them.
func Benches() (all []Preset) {
	err := fs.WalkDir(benches, "benches", func(file string, _ fs.DirEntry, err error) error {
		if err == nil && path.Ext(file) == ".yaml" {
			name := strings.TrimSuffix(strings.TrimPrefix(file, "benches/"), ".yaml")
			text, _ := BenchText(name)
			first, _, _ := strings.Cut(string(text), "\n")
			all = append(all, Preset{name, strings.TrimSpace(strings.TrimPrefix(first, "#"))})
		}
		return err
	})
	if err != nil {
		panic("configs: the embedded benchmarks cannot be listed")
	}
	return all
}

// BenchText returns the YAML of a benchmark, or false if there is none of that name.
func BenchText(name string) ([]byte, bool) {
	text, err := benches.ReadFile("benches/" + name + ".yaml")
	return text, err == nil
}
