package train

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"

	"ergon/graph/engine"
	"ergon/internal/host"
	"ergon/train/rundir"
)

func metaOf(r *Run) (rundir.Meta, error) {
	name, err := os.Hostname()
	if err != nil {
		name = "unknown"
	}
	hash, err := r.Config.Hash()
	var card *string
	if d, ok := engine.DeviceOf(r.Engine); ok {
		info := d.Info()
		text := fmt.Sprintf("%s, compute capability %s, driver %s", info.Name, info.Capability, info.Driver)
		card = &text
	}
	return rundir.Meta{
		Version: Version(), Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH,
		Host: name, CPU: host.CPU(), Cores: runtime.GOMAXPROCS(0), Engine: r.Engine.Name(), BLAS: r.Engine.BLAS(), GPU: card,
		Seed: r.Config.Seed, Config: hash, Command: os.Args, Started: r.Started.UTC(),
	}, err
}

// Version returns the program's version as the Go toolchain recorded it: the
// module's, and the commit it was built from where that was known.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			version += " " + s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			version += " (modified)"
		}
	}
	return version
}
