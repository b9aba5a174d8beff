package configs

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"ergon/internal/bounded"
	"ergon/internal/schema"
)

// Launch says how the cells of a benchmark are handed to others: the section launch of a
// benchmark, or a file with these keys.
type Launch struct {
	CellS      float64    `key:"cell_s" json:"cell_s" doc:"seconds that a cell takes; 0: measured on the first one" in:"[0,inf)"`
	TaskS      float64    `key:"task_s" json:"task_s" doc:"seconds that a task lasts at least, by as many cells as that takes" in:"(0,inf)"`
	Pack       int        `key:"pack" json:"pack" doc:"cells of a task; 0: by task_s and cell_s" in:"[0,100000]"`
	Parallel   int        `key:"parallel" json:"parallel" doc:"tasks that run at the same time, at most; 0: as many as the scheduler lets" in:"[0,100000]"`
	CPUs       int        `key:"cpus" json:"cpus" doc:"cores of a task, and cells that it runs at the same time" in:"[1,1024]"`
	Slurm      Slurm      `key:"slurm" json:"slurm" doc:"what sbatch is told; empty: the cluster's default"`
	Kubernetes Kubernetes `key:"kubernetes" json:"kubernetes" doc:"what the manifest says"`
}

// Slurm is what sbatch is told of a sweep.
type Slurm struct {
	Partition string   `key:"partition" json:"partition" text:"name" doc:"--partition"`
	Account   string   `key:"account" json:"account" text:"name" doc:"--account"`
	QOS       string   `key:"qos" json:"qos" text:"name" doc:"--qos"`
	Time      string   `key:"time" json:"time" text:"name" doc:"--time, limit of a task, as 30, 2:00:00 or 1-12"`
	Memory    string   `key:"mem" json:"mem" text:"name" doc:"--mem of a task, as 2G"`
	GRES      string   `key:"gres" json:"gres" text:"name" doc:"--gres of a task, as gpu:1"`
	SignalS   int      `key:"signal_s" json:"signal_s" doc:"seconds before the limit at which a task is told to end, save and requeue itself; Slurm may tell it up to 60 s earlier" in:"[1,65535]"`
	Requeues  int      `key:"requeues" json:"requeues" doc:"times that a task requeues itself when it was told to end, at most; 0: never" in:"[0,10000]"`
	Options   []string `key:"options" json:"options" text:"name" doc:"more options of sbatch, as [--constraint=avx2, --exclusive]"`
}

// Kubernetes is what the manifest of a sweep says.
type Kubernetes struct {
	Image     string `key:"image" json:"image" text:"name" doc:"container image that has ergon on its path"`
	Namespace string `key:"namespace" json:"namespace" text:"name" doc:"of the job; empty: kubectl's"`
	Claim     string `key:"claim" json:"claim" text:"name" doc:"persistent volume claim that holds the sweep's folder and the data"`
	Mount     string `key:"mount" json:"mount" text:"path" doc:"folder at which the claim is mounted, here and there; empty: the working directory"`
	Memory    string `key:"memory" json:"memory" text:"name" doc:"of a task, as 2Gi; empty: no limit"`
	Retries   int    `key:"retries" json:"retries" doc:"times that a task is tried again, if its pod failed" in:"[0,1000]"`
}

// DefaultLaunch is the launch section of a benchmark that has none.
func DefaultLaunch() Launch {
	return Launch{
		TaskS: 600, CPUs: 1, Slurm: Slurm{SignalS: 120, Requeues: 20, Options: []string{}}, Kubernetes: Kubernetes{Retries: 3},
	}
}

// ownOptions are the options of sbatch by which a sweep works, and those that have a key.
var ownOptions = map[string]string{
	"array": "", "requeue": "", "no-requeue": "", "signal": "slurm.signal_s", "open-mode": "", "output": "", "error": "", "parsable": "", "wait": "", "wrap": "",
	"partition": "slurm.partition", "account": "slurm.account", "qos": "slurm.qos", "time": "slurm.time", "mem": "slurm.mem", "gres": "slurm.gres",
	"cpus-per-task": "cpus", "ntasks": "", "job-name": "", "test-only": "",
}

// Validate implements schema's check of fields against each other.
func (s *Slurm) Validate() error {
	texts := map[string]string{"partition": s.Partition, "account": s.Account, "qos": s.QOS, "time": s.Time, "mem": s.Memory, "gres": s.GRES}
	for i, option := range s.Options {
		texts[fmt.Sprintf("options[%d]", i)] = option
		name, _, _ := strings.Cut(strings.TrimPrefix(option, "--"), "=")
		key := fmt.Sprintf("options[%d]", i)
		instead, own := ownOptions[name]
		switch {
		case !strings.HasPrefix(option, "--") || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz-") != "" || name == "":
			return schema.Fieldf(key, "want a long option of sbatch with its value, as --constraint=avx2, got %q", option)
		case own && instead != "":
			return schema.Fieldf(key, "--%s is given by launch.%s", name, instead)
		case own:
			return schema.Fieldf(key, "--%s is what a sweep works by, and cannot be another", name)
		}
	}
	return oneLine(texts)
}

// oneLine refuses texts that would not stay on their line of a script or a manifest.
func oneLine(texts map[string]string) error {
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if strings.ContainsFunc(texts[key], unicode.IsControl) {
			return schema.Fieldf(key, "%q has line breaks or control characters", texts[key])
		}
	}
	return nil
}

// Validate implements schema's check of fields against each other.
func (k *Kubernetes) Validate() error {
	if k.Mount != "" && !path.IsAbs(k.Mount) {
		return schema.Fieldf("mount", "%s is not an absolute path", k.Mount)
	}
	return oneLine(map[string]string{"image": k.Image, "namespace": k.Namespace, "claim": k.Claim, "mount": k.Mount, "memory": k.Memory})
}

// LaunchOf returns the settings of a section, which is at path in a file.
func LaunchOf(n *yaml.Node, file, path string) (Launch, error) {
	launch := DefaultLaunch()
	tree, line, err := schema.Section(n)
	if err == nil {
		err = schema.Decode(tree, &launch, func(below string) (string, int) { return "", line(below).Line })
	}
	var problems schema.Errors
	if errors.As(err, &problems) {
		for _, p := range problems {
			p.File, p.Path = file, strings.TrimSuffix(strings.TrimPrefix(path+"."+p.Path, "."), ".")
		}
	}
	return launch, err
}

// LoadLaunch returns launch settings: those of a YAML file over base, "" for none, and
// assignments, as slurm.partition=gpu, over both.
func LoadLaunch(base Launch, file string, assignments []string) (Launch, error) {
	tree := map[string]any{}
	var places schema.Locator
	if file != "" {
		text, err := bounded.Named(file, schema.MaxDocument)
		if errors.Is(err, fs.ErrNotExist) {
			return base, fmt.Errorf("--launch: no file %s", file)
		} else if err != nil {
			return base, fmt.Errorf("--launch: %w", err)
		}
		line, err := schema.Lines(text)
		if err != nil {
			return base, inFile(err, file)
		}
		places = schema.Layered([]string{file}, []func(string) schema.Place{line})
		if tree, err = schema.Tree(text); err != nil {
			return base, inFile(err, file)
		}
	}
	for _, assignment := range assignments {
		if err := schema.Set(tree, base, assignment); err != nil {
			return base, err
		}
	}
	err := schema.Decode(tree, &base, schema.Overridden(assignments, places))
	return base, err
}
