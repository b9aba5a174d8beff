package configs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"ergon/internal/schema"
)

// docs/sweeps.md shows all keys of the section launch, with what they mean and their defaults.
func TestLaunchIsDocumented(t *testing.T) {
	l := DefaultLaunch()
	text, err := schema.Encode(&l, true)
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "docs", "sweeps.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```yaml\n"+string(text)+"```\n") {
		t.Errorf("docs/sweeps.md does not show the keys as they are:\n%s", text)
	}
}

// Settings come from the benchmark, a file, the command line, in this order; what is wrong
// is told with its place.
func TestLaunchSettings(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cluster.yaml")
	load := func(text string, set ...string) (Launch, error) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		base := DefaultLaunch()
		base.Pack, base.Slurm.Partition, base.Slurm.Account = 3, "bench", "bench"
		return LoadLaunch(base, file, set)
	}
	got, err := load("parallel: 4\nslurm: {account: file, time: 2:00:00, options: [--exclusive]}\n", "slurm.time=30", "slurm.mem=1e3", "cpus=2")
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultLaunch()
	want.Pack, want.Parallel, want.CPUs = 3, 4, 2
	want.Slurm.Partition, want.Slurm.Account, want.Slurm.Time, want.Slurm.Memory, want.Slurm.Options = "bench", "file", "30", "1e3", []string{"--exclusive"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct{ text, set, want string }{
		{"slurm: {partition: a}\nslrm: 3\n", "", "cluster.yaml:2: slrm: unknown key"},
		{"launch: {pack: 3}\n", "", "cluster.yaml:1: launch: unknown key"},
		{"slurm: [a]\n", "", "cluster.yaml:1: slurm: want a mapping"},
		{"pack: -1\n", "", "cluster.yaml:1: pack: -1 is outside"},
		{"task_s: 0\n", "", "cluster.yaml:1: task_s: 0 is outside"},
		{"pack: 3\npack: 4\n", "", "cluster.yaml:2: pack"},
		{"slurm: {partition: $PARTITION}\n", "", "settings are not expanded"},
		{"slurm: {account: \"a\\nb\"}\n", "", "line breaks"},
		{"kubernetes: {mount: work}\n", "", "not an absolute path"},
		{"kubernetes: {image: \"a\\tb\"}\n", "", "line breaks or control characters"},
		{"a\n", "", "cluster.yaml:"},
		{"", "pack", "has no \"=\""},
		{"", "slurm.options=[-p x]", "want a long option of sbatch"},
		{"", "slurm.options=[exclusive]", "want a long option of sbatch"},
		{"", "slurm.options=[--partition=x]", "--partition is given by launch.slurm.partition"},
		{"", "slurm.options=[--array=0-3]", "cannot be another"},
		{"", "slurm.options=[--]", "want a long option"},
	} {
		var set []string
		if c.set != "" {
			set = []string{c.set}
		}
		if _, err := load(c.text, set...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q %q: error %v, want %q", c.text, c.set, err, c.want)
		}
	}
	if _, err := LoadLaunch(DefaultLaunch(), file+".none", nil); err == nil || !strings.Contains(err.Error(), "--launch: no file") {
		t.Errorf("no file: %v", err)
	}
}

// A section's problems are at its place in the document.
func TestLaunchSection(t *testing.T) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte("a: 1\nlaunch:\n  pack: 3\n  slurm:\n    signal_s: 0\n"), &root); err != nil {
		t.Fatal(err)
	}
	if _, err := LaunchOf(root.Content[0].Content[3], "b.yaml", "launch"); err == nil || !strings.HasPrefix(err.Error(), "b.yaml:5: launch.slurm.signal_s: 0 is outside") {
		t.Errorf("error %v", err)
	}
	if _, err := LaunchOf(root.Content[0].Content[1], "b.yaml", "launch"); err == nil || !strings.HasPrefix(err.Error(), "b.yaml:1: launch: want a mapping") {
		t.Errorf("error %v", err)
	}
}
