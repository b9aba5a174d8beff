package configs

import "embed"

//go:embed theories
var theoryFiles embed.FS

var theories = folder{theoryFiles, "theories"}

// Theories lists by name the theory documents that come with the program: what to
// compute, of which theory. Package theory/documents reads them.
func Theories() []Preset { return theories.list() }

// TheoryText returns the YAML of a theory document, or false if there is none of that
// name.
func TheoryText(name string) ([]byte, bool) { return theories.text(name) }
