package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// A promise whose test has gone, or has another name now, is none: each alternative of each
// pattern in docs/reliability.md names a test or benchmark of the package beside it.
func TestPromisesHaveTests(t *testing.T) {
	page, err := os.ReadFile("../../docs/reliability.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile("`(?:SLOW |go test (?:-[a-z]+ )*(?:(\\./\\S+) )?(?:-run xx )?-(?:run|bench) )('[^']+'|\\S+) ?([^`]*)`")
	named := 0
	for _, c := range commands.FindAllStringSubmatch(string(page), -1) {
		packages := strings.Fields(c[1] + " " + c[3])
		for pattern := range strings.SplitSeq(strings.Trim(c[2], "'"), `\|`) {
			named++
			if !definesTest(t, packages, pattern) {
				t.Errorf("no test or benchmark of %q is called %q: %s", packages, pattern, c[0])
			}
		}
	}
	if named < 25 {
		t.Errorf("%d tests are named, want more", named)
	}
}

// definesTest says whether one of packages, given as from the module's root, has a test whose
// name a pattern matches.
func definesTest(t *testing.T, packages []string, pattern string) bool {
	t.Helper()
	function := regexp.MustCompile(`func (?:Test|Benchmark)\w*` + strings.TrimPrefix(pattern, "Benchmark") + `\w*\(`)
	for _, p := range packages {
		if !strings.HasPrefix(p, "./") {
			continue // a flag
		}
		files, err := filepath.Glob(filepath.Join("../..", strings.TrimSuffix(p, "/..."), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(p, "/...") {
			below, _ := filepath.Glob(filepath.Join("../..", strings.TrimSuffix(p, "/..."), "*", "*_test.go"))
			files = append(files, below...)
		}
		for _, f := range files {
			if text, err := os.ReadFile(f); err == nil && function.Match(text) {
				return true
			}
		}
	}
	return false
}
