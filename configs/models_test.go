package configs

import (
	"testing"

	"ergon/graph/engine"
	"ergon/graph/graphtest"
)

// Every kind of model that a config can name runs on the cpu engine and on the reference
// as its definition says, forward and backward.
func TestModelsConform(t *testing.T) {
	for _, device := range []string{"cpu", "reference"} {
		e := graphtest.Open(t, engine.Spec{Device: device, BLAS: "gonum", Threads: 2})
		t.Run(device, func(t *testing.T) { graphtest.ConformModels(t, e) })
	}
}
