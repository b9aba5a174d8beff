package launch

import (
	"context"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"ergon/configs"
)

func TestManifest(t *testing.T) {
	l := configs.DefaultLaunch()
	l.Pack, l.CPUs, l.Parallel = 5, 2, 8
	l.Kubernetes = configs.Kubernetes{Image: "registry.example/ergon:1", Namespace: "lab", Claim: "010", Mount: "/work", Memory: "2Gi", Retries: 2}
	for name, folder := range map[string]string{"job.yaml": "/work/runs/bench-rules", "job_odd.yaml": `/work/my run #1 'a' "b" $(HOME) %x: on`} {
		s := launched(folder, "Two words", 50, l)
		text, err := s.manifest("ergon-two-words-0", Ranges{0, 1, 2, 7})
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name, string(text))
		var back job
		if err := yaml.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		command := back.Spec.Template.Spec.Containers[0].Command
		if got := strings.ReplaceAll(command[3], "$$", "$"); got != folder || command[5] != "$(JOB_COMPLETION_INDEX)" {
			t.Errorf("command %q", command)
		}
		if back.Spec.Template.Spec.Volumes[0].Claim.ClaimName != "010" || back.Spec.Completions != 4 || back.Spec.Parallelism != 4 {
			t.Errorf("read back as %+v", back)
		}
	}
}

func TestManifestNeeds(t *testing.T) {
	whole := configs.Kubernetes{Image: "i", Claim: "c", Mount: "/work"}
	for want, change := range map[string]func(*configs.Kubernetes){
		"needs image":    func(k *configs.Kubernetes) { k.Image = "" },
		"needs image, w": func(k *configs.Kubernetes) { k.Claim = "" },
		"not below /o":   func(k *configs.Kubernetes) { k.Mount = "/other" },
		"not below /wo":  func(k *configs.Kubernetes) { k.Mount = "/work/runs/x" },
	} {
		l := configs.DefaultLaunch()
		l.Kubernetes = whole
		change(&l.Kubernetes)
		if _, err := launched("/work/runs", "x", 2, l).manifest("x", Ranges{0}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// Names of jobs are what Kubernetes takes, and each submission has its own.
func TestJobNames(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range []string{"rules", "Two words", "ä/ö", strings.Repeat("long", 50), "a_b.c"} {
		for before := range 3 {
			for _, folder := range []string{"/a", "/b"} {
				got := launched(folder, name, 1, configs.DefaultLaunch()).jobName(before)
				if len(got) > 63 || strings.Trim(got, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || seen[got] {
					t.Errorf("%q is called %q", name, got)
				}
				seen[got] = true
			}
		}
	}
}

// Each submission is a job of its own, with the packs that are missing then.
func TestKubernetesSubmissions(t *testing.T) {
	s := create(t, small+"launch: {pack: 2, kubernetes: {image: i, claim: c, mount: /}}\n")
	first, err := s.Resume(context.Background(), "kubernetes", Options{})
	if err != nil || first.Packs.String() != "0-2" || !strings.Contains(first.Text, "completions: 3\n") {
		t.Fatalf("%v: %+v", err, first)
	}
	if _, err := s.Work(context.Background(), 1, 1, Watch{}); err != nil {
		t.Fatal(err)
	}
	second, err := s.Resume(context.Background(), "kubernetes", Options{})
	if err != nil || second.Packs.String() != "0,2" || second.Jobs[0].Job == first.Jobs[0].Job {
		t.Errorf("%v: %+v after %+v", err, second, first)
	}
	worked(t, s)
	third, err := s.Resume(context.Background(), "kubernetes", Options{})
	if err != nil || len(third.Packs) != 0 || third.Text != "" {
		t.Errorf("%v: %+v", err, third)
	}
}
