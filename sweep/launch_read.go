package sweep

import (
	"errors"

	"go.yaml.in/yaml/v3"

	"ergon/configs"
	"ergon/internal/schema"
)

// launch reads how a benchmark's cells are handed to others.
func (d *document) launch(n *yaml.Node, path string) {
	launch, err := configs.LaunchOf(n, d.file, path)
	switch problems, ok := errors.AsType[schema.Errors](err); {
	case ok:
		d.problems = append(d.problems, problems...)
	case err != nil:
		d.fail(n, path, "", "%v", err)
	default:
		d.bench.Launch = launch
	}
}
