package launch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
)

// kubernetes writes the manifest of an indexed job, which the user applies.
type kubernetes struct{ Options }

var _ Launcher = kubernetes{}

const manifestFile = "job.yaml"

// Submit implements Launcher.
func (k kubernetes) Submit(_ context.Context, s *Sweep, packs Ranges) (Handed, error) {
	handed := Handed{On: "kubernetes", File: s.path(manifestFile), Jobs: []Submission{}}
	before, err := s.submissions()
	if err != nil {
		return handed, err
	}
	job := s.jobName(len(before))
	text, err := s.manifest(job, packs)
	if err != nil {
		return handed, err
	}
	handed.Text = string(text)
	if err := s.write(text, manifestFile); err != nil || k.DryRun {
		return handed, err
	}
	b := s.newSubmission("kubernetes", packs, s.list.Launch.CPUs)
	b.Job = job
	handed.Jobs = append(handed.Jobs, b)
	return handed, s.record(b)
}

// Tasks implements Launcher. Who applied the manifest can see them; this program does not ask.
func (kubernetes) Tasks(context.Context, *Sweep, *Submission) (map[int]Task, error) { return nil, nil }

// jobName returns a name that no other job has: of the benchmark, the folder, and how often
// it was submitted before.
func (s *Sweep) jobName(before int) string {
	digest := sha256.Sum256([]byte(s.Folder))
	name := strings.Map(func(c rune) rune {
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			return c
		case 'A' <= c && c <= 'Z':
			return c - 'A' + 'a'
		}
		return '-'
	}, s.Name())
	const most = 40 // of 63 that Kubernetes takes
	return fmt.Sprintf("ergon-%.*s-%s-%d", most, name, hex.EncodeToString(digest[:3]), before)
}

// mount returns the folder at which the claim is mounted.
func (s *Sweep) mount() (string, error) {
	k := s.list.Launch.Kubernetes
	if k.Image == "" || k.Claim == "" {
		return "", errors.New("launch.kubernetes needs image, which has ergon on its path, and claim, a persistent volume claim that holds the sweep's folder and the data")
	}
	mount := k.Mount
	if mount == "" {
		mount = s.list.Directory
	}
	if below, err := filepath.Rel(mount, s.Folder); err != nil || strings.HasPrefix(below, "..") {
		return "", fmt.Errorf("%s is not below %s, where the claim is mounted: set launch.kubernetes.mount", s.Folder, mount)
	}
	return mount, nil
}

// unexpanded keeps Kubernetes from expanding $(NAME) in an argument.
func unexpanded(argument string) string { return strings.ReplaceAll(argument, "$", "$$") }

// podCommand is what a pod runs.
func (s *Sweep) podCommand(packs Ranges) []string {
	return []string{
		"ergon", "sweep", "work", unexpanded(s.Folder), "--index", "$(JOB_COMPLETION_INDEX)",
		"--jobs", strconv.Itoa(s.list.Launch.CPUs), "--packs", packs.String(),
	}
}
