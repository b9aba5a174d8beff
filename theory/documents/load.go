package documents

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ergon/configs"
	"ergon/internal/bounded"
	"ergon/internal/schema"
	"ergon/theory"
)

// Named says whether source names a document rather than a theory: one that comes with the
// program, standard input, a file, or what looks like the path of one.
func Named(source string) bool {
	if _, ok := theory.Theories.New(source); ok {
		return false
	}
	if _, ok := configs.TheoryText(source); ok || source == "-" {
		return true
	}
	info, err := os.Stat(source)
	switch extension := strings.ToLower(filepath.Ext(source)); {
	case extension == ".yaml", extension == ".yml":
		return true
	case err == nil:
		return !info.IsDir()
	}
	return !strings.Contains(source, "=") && strings.ContainsAny(source, `/\`)
}

// Load returns the document that comes with the program under the name source, the one in
// the YAML file source, or with "-" the one in standard input. Settings are those of
// [Parse].
func Load(source string, settings []string) (*Document, error) {
	text, ok := configs.TheoryText(source)
	if ok {
		d, err := Parse(text, "theory document "+source, settings)
		if err == nil {
			d.Name = source
		}
		return d, err
	}
	text, file, err := read(source)
	if problem, ok := errors.AsType[*bounded.Error](err); ok {
		return nil, &schema.Error{File: problem.Path, Problem: problem.Problem}
	} else if err != nil {
		return nil, err
	}
	return Parse(text, file, settings)
}

// read returns the text of a file, or of standard input, and what messages call it.
func read(source string) (text []byte, file string, err error) {
	if source == "-" {
		text, err = bounded.Stream(os.Stdin, "standard input", schema.MaxDocument)
		return text, "standard input", err
	}
	if file, err = schema.Path(source); err != nil {
		return nil, "", fmt.Errorf("the theory document: %w", err)
	}
	text, err = bounded.Named(file, schema.MaxDocument)
	if errors.Is(err, fs.ErrNotExist) {
		err = unknown(source)
	}
	return text, file, err
}

// unknown is the error of a source that is neither a document nor a file.
func unknown(source string) error {
	var names []string
	for _, p := range configs.Theories() {
		names = append(names, p.Name)
	}
	return &schema.Error{
		File:    source,
		Problem: "neither a theory document nor a file; documents are " + strings.Join(names, ", "),
		Hint:    schema.DidYouMean(source, names),
	}
}

// List lists the documents that come with the program, by name.
func List() (all []*Document, err error) {
	for _, p := range configs.Theories() {
		d, err := Load(p.Name, nil)
		if err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, nil
}
