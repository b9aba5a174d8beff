package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"ergon/theory"
)

// Every theory in the tree is imported, hence known to the program, and its tests call
// the suite that all theories have to pass.
func TestEveryTheoryIsImportedAndConforms(t *testing.T) {
	files, err := filepath.Glob("../../theory/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	registration := regexp.MustCompile(`theory\.Theories\.Register\("(\w+)"`)
	suite := regexp.MustCompile(`theorytest\.Conform\(t, "(\w+)"`)
	registered, conforming := map[string]bool{}, map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range registration.FindAllSubmatch(text, -1) {
			registered[string(match[1])] = true
		}
		for _, match := range suite.FindAllSubmatch(text, -1) {
			conforming[string(match[1])] = true
		}
	}
	for name := range registered {
		if _, known := theory.Theories.New(name); !known {
			t.Errorf("theory %s is not imported by the program: add its package to the imports of cmd/ergon/theory.go", name)
		}
	}
	for _, kind := range theory.Theories.Kinds() {
		if !registered[kind.Name] {
			t.Errorf("theory %s: found no file that registers it", kind.Name)
		}
		if !conforming[kind.Name] {
			t.Errorf("theory %s: no test calls theorytest.Conform", kind.Name)
		}
	}
}
