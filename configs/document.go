package configs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/viper"

	"ergon/internal/bounded"
	"ergon/internal/schema"
)

// baseKey is the key of a file that names the config it begins from.
const baseKey = "base"

// runConfig is the config in a run directory.
const runConfig = "config.yaml"

// A document is one YAML document of settings.
type document struct {
	file     string // what messages call it
	path     string // of the file; "" if it is none
	folder   string // that its base is relative to
	base     string // "" if it names none
	settings map[string]any
	line     func(path string) schema.Place
}

// maxBases bounds how many files begin from each other.
const maxBases = 32

// open returns the documents of a source, that which the others begin from first.
func open(source string) ([]document, error) {
	d, info, err := read(source)
	if problem, ok := errors.AsType[*bounded.Error](err); ok {
		return nil, &schema.Error{File: problem.Path, Problem: problem.Problem}
	} else if err != nil {
		return nil, err
	}
	documents, seen := []document{d}, []fs.FileInfo{info}
	for d.base != "" {
		from := d
		if d, info, err = read(Beside(from.folder, from.base)); err != nil {
			return nil, from.atBase(err)
		}
		for _, before := range seen {
			if before != nil && info != nil && os.SameFile(before, info) || len(seen) > maxBases {
				return nil, from.atBase(fmt.Errorf("%s begins from itself in the end", d.file))
			}
		}
		documents, seen = append([]document{d}, documents...), append(seen, info)
	}
	return documents, nil
}

// read returns a document and, if it is a file, which. A preset has no file.
func read(source string) (d document, info fs.FileInfo, err error) {
	if source == "" {
		return d, nil, errors.New("the config's name is empty")
	}
	if text, ok := presets.text(source); ok {
		d, err = newDocument(text, "preset "+source, ".")
		return d, nil, err
	}
	if source == "-" {
		text, err := bounded.Stream(os.Stdin, "standard input", schema.MaxDocument)
		if err != nil {
			return d, nil, err
		}
		d, err = written(text, "standard input", ".")
		return d, nil, err
	}
	file, info, err := find(source)
	if err != nil {
		return d, nil, err
	}
	text, err := bounded.Named(file, schema.MaxDocument)
	if err != nil {
		return d, nil, err
	}
	d, err = written(text, file, filepath.Dir(file))
	d.path = file
	return d, info, err
}

// written reads a document that somebody, or some program, has written. One without a
// character is what a full disk or a program that failed leaves, and not meant for the
// defaults.
func written(text []byte, file, folder string) (document, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		return document{}, &schema.Error{File: file, Problem: "is empty", Hint: "{} stands for the defaults"}
	}
	return newDocument(text, file, folder)
}

// find returns the file that a source names: itself, or a run directory's config.
func find(source string) (file string, info fs.FileInfo, err error) {
	if file, err = schema.Path(source); err != nil {
		return "", nil, fmt.Errorf("the config: %w", err)
	}
	info, err = os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil, unknownConfig(source)
	case err != nil || !info.IsDir():
		return file, info, err
	}
	inside := filepath.Join(file, runConfig)
	if info, err = os.Stat(inside); err != nil {
		return "", nil, fmt.Errorf("%s: is a folder without %s, and no run directory; name a preset or a file", source, runConfig)
	}
	return inside, info, nil
}

// Beside returns a base as a source: a preset, or a file in the folder of the document
// that names it.
func Beside(folder, base string) string {
	if _, isPreset := presets.text(base); isPreset || filepath.IsAbs(base) {
		return base
	}
	file := filepath.Join(folder, base)
	if _, isPreset := presets.text(file); isPreset {
		file = "." + string(filepath.Separator) + file
	}
	return file
}

// newDocument reads a document of settings. viper reads it, by the rules of
// schema, and keeps its keys in lower case.
func newDocument(text []byte, file, folder string) (d document, err error) {
	d.file, d.folder = file, folder
	if d.line, err = schema.Lines(text); err != nil {
		return d, inFile(err, file)
	}
	v := viper.NewWithOptions(viper.KeyDelimiter("\x00"), viper.WithDecoderRegistry(strictYAML{})) // schema has refused keys that hold one
	v.SetConfigType("yaml")
	if err := v.ReadConfig(bytes.NewReader(text)); err != nil {
		return d, fmt.Errorf("%s: %w", file, err)
	}
	d.settings = v.AllSettings()
	if d.settings["rules"] != nil && d.settings["goals"] != nil {
		return d, &schema.Error{File: file, Problem: "is a benchmark", Hint: "`ergon bench` runs it"}
	}
	if d.settings["compute"] != nil {
		return d, &schema.Error{File: file, Problem: "is a theory document", Hint: "`ergon theory` computes it"}
	}
	return d, d.readBase()
}

// strictYAML is schema's reader of YAML for viper.
type strictYAML struct{}

// Decoder implements viper.DecoderRegistry.
func (s strictYAML) Decoder(string) (viper.Decoder, error) { return s, nil }

// Decode implements viper.Decoder.
func (strictYAML) Decode(text []byte, into map[string]any) error {
	tree, err := schema.Tree(text)
	maps.Copy(into, tree)
	return err
}

// readBase takes the key base out of the settings.
func (d *document) readBase() error {
	given, ok := d.settings[baseKey]
	if !ok {
		return nil
	}
	delete(d.settings, baseKey)
	text, isText := given.(string)
	if !isText || strings.TrimSpace(text) == "" {
		return d.atBase(errors.New("want a preset's name or a file"))
	}
	path, err := schema.Path(text)
	if err != nil {
		return d.atBase(err)
	}
	if path == "-" {
		return d.atBase(errors.New("a file cannot begin from standard input"))
	}
	d.base = path
	return nil
}

// atBase locates a problem with the document's base, unless it is one of the base itself.
func (d *document) atBase(err error) error {
	if _, own := errors.AsType[schema.Errors](err); own {
		return err
	}
	e, ok := errors.AsType[*schema.Error](err)
	switch {
	case ok && e.File != "":
		return err
	case ok:
		return schema.Errors{{File: d.file, Line: d.line(baseKey).Line, Path: baseKey, Problem: e.Problem, Hint: e.Hint}}
	}
	return schema.Errors{{File: d.file, Line: d.line(baseKey).Line, Path: baseKey, Problem: err.Error()}}
}

// locate names the place of a problem with one of the document's settings.
func (d *document) locate(err error) error {
	if e, ok := errors.AsType[*schema.Error](err); ok {
		e.File, e.Line = d.file, d.line(e.Path).Line
	}
	return err
}

// inFile names the file in errors that know only their line.
func inFile(err error, file string) error {
	var all schema.Errors
	if errors.As(err, &all) {
		for _, e := range all {
			e.File = file
		}
		return all
	}
	return fmt.Errorf("%s: %w", file, err)
}
