package train

import (
	"flag"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The runs below must not change. To change them on purpose, run
// `go test ./train -run Golden -update` and explain the new numbers. All digits are
// compared; gonum's matrix products are the same on every amd64.
func TestGoldenRuns(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("golden digits are amd64's: other processors fuse multiply and add in gonum")
	}
	for name, settings := range map[string][]string{
		"mnist":         {"train.epochs=2", "data.train=3000"},
		"vanrossum2024": {"train.max_steps=3000", "train.eval_every=1000"},
	} {
		t.Run(name, func(t *testing.T) {
			c := preset(t, name, append(settings, "data.test=1000", "engine.blas=gonum", "engine.threads=2")...)
			_, got := record(t, c)
			path := filepath.Join("testdata", name+".golden.jsonl")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the run has changed:\n%swant\n%s", got, want)
			}
		})
	}
}
