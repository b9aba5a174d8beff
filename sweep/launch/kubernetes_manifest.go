package launch

import (
	"bytes"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// The structs here are the part of Kubernetes' batch/v1 that a sweep needs.

type job struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Metadata   metadata `yaml:"metadata"`
	Spec       jobSpec  `yaml:"spec"`
}

type metadata struct {
	Name      string `yaml:"name"`
	Namespace string `yaml:"namespace,omitempty"`
}

type jobSpec struct {
	CompletionMode       string        `yaml:"completionMode"`
	Completions          int           `yaml:"completions"`
	Parallelism          int           `yaml:"parallelism"`
	BackoffLimitPerIndex int           `yaml:"backoffLimitPerIndex"`
	PodFailurePolicy     failurePolicy `yaml:"podFailurePolicy"`
	Template             template      `yaml:"template"`
}

type failurePolicy struct {
	Rules []failureRule `yaml:"rules"`
}

type failureRule struct {
	Action          string         `yaml:"action"`
	OnExitCodes     *exitCodes     `yaml:"onExitCodes,omitempty"`
	OnPodConditions []podCondition `yaml:"onPodConditions,omitempty"`
}

type exitCodes struct {
	Operator string `yaml:"operator"`
	Values   []int  `yaml:"values,flow"`
}

type podCondition struct {
	Type string `yaml:"type"`
}

type template struct {
	Spec podSpec `yaml:"spec"`
}

type podSpec struct {
	RestartPolicy string      `yaml:"restartPolicy"`
	GracePeriod   int         `yaml:"terminationGracePeriodSeconds"`
	Containers    []container `yaml:"containers"`
	Volumes       []volume    `yaml:"volumes"`
}

type container struct {
	Name         string        `yaml:"name"`
	Image        string        `yaml:"image"`
	WorkingDir   string        `yaml:"workingDir"`
	Command      []string      `yaml:"command"`
	Resources    resources     `yaml:"resources"`
	VolumeMounts []volumeMount `yaml:"volumeMounts"`
}

type resources struct {
	Requests map[string]string `yaml:"requests"`
	Limits   map[string]string `yaml:"limits,omitempty"`
}

type volumeMount struct {
	Name      string `yaml:"name"`
	MountPath string `yaml:"mountPath"`
}

type volume struct {
	Name  string      `yaml:"name"`
	Claim volumeClaim `yaml:"persistentVolumeClaim"`
}

type volumeClaim struct {
	ClaimName string `yaml:"claimName"`
}

// Exit codes of a worker. Exit code 75, and a pod that a node lost, do not count as tries.
var (
	stopped = &exitCodes{"In", []int{75}}
	failed  = &exitCodes{"In", []int{1, 2}}
)

// graceS is how many seconds a pod has to end after TERM.
const graceS = 120

// manifest returns the indexed job that runs packs.
func (s *Sweep) manifest(name string, packs Ranges) ([]byte, error) {
	mount, err := s.mount()
	if err != nil {
		return nil, err
	}
	l := s.list.Launch
	parallel := len(packs)
	if l.Parallel > 0 {
		parallel = min(parallel, l.Parallel)
	}
	resources := resources{Requests: map[string]string{"cpu": strconv.Itoa(l.CPUs)}}
	if l.Kubernetes.Memory != "" {
		resources.Requests["memory"] = l.Kubernetes.Memory
		resources.Limits = map[string]string{"memory": l.Kubernetes.Memory}
	}
	const work = "work"
	j := job{
		APIVersion: "batch/v1", Kind: "Job", Metadata: metadata{name, l.Kubernetes.Namespace},
		Spec: jobSpec{
			CompletionMode: "Indexed", Completions: len(packs), Parallelism: parallel, BackoffLimitPerIndex: l.Kubernetes.Retries,
			PodFailurePolicy: failurePolicy{[]failureRule{
				{Action: "Ignore", OnPodConditions: []podCondition{{"DisruptionTarget"}}},
				{Action: "Ignore", OnExitCodes: stopped},
				{Action: "FailIndex", OnExitCodes: failed},
			}},
			Template: template{podSpec{
				RestartPolicy: "Never", GracePeriod: graceS,
				Containers: []container{{
					Name: "ergon", Image: l.Kubernetes.Image, WorkingDir: s.list.Directory, Command: s.podCommand(packs),
					Resources: resources, VolumeMounts: []volumeMount{{work, mount}},
				}},
				Volumes: []volume{{work, volumeClaim{l.Kubernetes.Claim}}},
			}},
		},
	}
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(j); err != nil {
		return nil, err
	}
	return b.Bytes(), e.Close()
}
