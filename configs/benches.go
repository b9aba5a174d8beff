package configs

import "embed"

//go:embed benches
var benchFiles embed.FS

var benches = folder{benchFiles, "benches"}

// Benches lists by name the benchmarks that come with the program: which rules
// are compared, from which preset. Package sweep reads and runs them.
func Benches() []Preset { return benches.list() }

// BenchText returns the YAML of a benchmark, or false if there is none of that name.
func BenchText(name string) ([]byte, bool) { return benches.text(name) }
