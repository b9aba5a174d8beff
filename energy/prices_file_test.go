package energy

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Joules by a table of the user's name the file, from the root, and its content; those by a
// built-in table name none.
func TestFileOfPrices(t *testing.T) {
	t.Chdir(t.TempDir())
	const text = "mac: 1e-12\n"
	write(t, "mine.yaml", text)
	table, err := OpenTable("mine.yaml")
	if err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256([]byte(text))
	if j := table.Price(account()); j.File != filepath.Join(here, "mine.yaml") || j.SHA256 != hex.EncodeToString(digest[:]) {
		t.Errorf("file %q, sha256 %q", j.File, j.SHA256)
	}
	built, err := OpenTable("horowitz45nm")
	if err != nil {
		t.Fatal(err)
	}
	if j := built.Price(account()); j.File != "" || j.SHA256 != "" {
		t.Errorf("of a built-in table: file %q, sha256 %q", j.File, j.SHA256)
	}
}

// What is empty is neither a number nor a text; what only needs quotes is told so.
func TestEmptyValuesOfATable(t *testing.T) {
	for text, want := range map[string]string{
		"mac:\n":                           "mac: has no value; write null where it is not known",
		"mac: {price: }\n":                 "mac.price: has no value; write null where it is not known",
		"seconds_per_presentation:\n":      "seconds_per_presentation: has no value; write null where it is not known",
		"mac: \"\"\n":                      `mac: want`,
		"mac: [1]\n":                       "mac: want",
		"source: 3\n":                      `want a text, got "3"; quote it: "3"`,
		"source: [a]\n":                    "want a text, got a list",
		"source: \" \"\n":                  "want a text",
		"mac: 1\nsource: null\n":           `quote it: "null"`,
		"mac: {price: 1, source: 007}\n":   `quote it: "007"`,
		"seconds_per_presentation: null\n": "",
		"mac: null\n":                      "",
	} {
		_, err := readTable("mine.yaml", []byte(text))
		if want == "" && err == nil {
			continue
		}
		if err == nil || want == "" || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		} else if !strings.Contains(want, "quote it") && strings.Contains(err.Error(), "quote it") {
			t.Errorf("%q: %v: quotes do not help", text, err)
		}
	}
}
