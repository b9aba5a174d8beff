package sweep

import (
	"go.yaml.in/yaml/v3"

	"ergon/configs"
	"ergon/internal/schema"
)

// launch reads how a benchmark's cells are handed to others.
func (d *document) launch(n *yaml.Node, path string) {
	launch, err := configs.LaunchOf(n, d.file, path)
	if problems, ok := err.(schema.Errors); ok {
		d.problems = append(d.problems, problems...)
		return
	}
	d.bench.Launch = launch
}
