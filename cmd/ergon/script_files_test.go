package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/sbinet/npyio/npz"
	"go.yaml.in/yaml/v3"

	"ergon/internal/safetensors"
	"ergon/train/rundir"
	"ergon/train/rundir/rundirtest"
)

// readers say, by extension, whether a file is what its name promises. A file
// of another kind than these fails the script that made it: give it a reader
// here, and one of another maker in .ci/readers.
var readers = map[string]func([]byte) error{
	"json":  func(text []byte) error { return strictJSON(text, 1) },
	"jsonl": func(text []byte) error { return strictJSON(text, bytes.Count(text, []byte("\n"))) },
	"yaml":  func(text []byte) error { return yaml.Unmarshal(text, new(yaml.Node)) },
	"csv": func(text []byte) error {
		_, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		return err
	},
	"md":  markdown,
	"txt": plainText,
	"sh":  plainText,
	"log": plainText,
	"svg": func(text []byte) error {
		d := xml.NewDecoder(bytes.NewReader(text))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	},
	"png": func(text []byte) error {
		_, err := png.Decode(bytes.NewReader(text))
		return err
	},
	"pdf": readPDF,
	"npz": readNPZ,
	"safetensors": func(text []byte) error {
		_, err := safetensors.New(bytes.NewReader(text), int64(len(text)))
		return err
	},
}

// readPDF wants the frame of a PDF, whose last lines say where its table of objects is.
func readPDF(text []byte) error {
	m := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n?$`).FindSubmatch(text)
	if !bytes.HasPrefix(text, []byte("%PDF-1.")) || m == nil {
		return errors.New("does not begin and end as a PDF does")
	}
	if at, err := strconv.Atoi(string(m[1])); err != nil || at > len(text) || !bytes.HasPrefix(text[at:], []byte("xref\n")) {
		return fmt.Errorf("has no table of objects at byte %s", m[1])
	}
	return nil
}

// strictJSON wants n JSON values, each with its line end, and nothing that a
// reader of another maker refuses or reads otherwise: bytes that are no UTF-8,
// a byte order mark, a key twice in an object.
func strictJSON(text []byte, n int) error {
	if err := plainText(text); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	for ; n > 0; n-- {
		if err := uniqueKeys(d, "."); err != nil {
			return err
		}
		if int(d.InputOffset()) >= len(text) || text[d.InputOffset()] != '\n' {
			return fmt.Errorf("at byte %d: no line end after a value", d.InputOffset())
		}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("at byte %d: more than was wanted", d.InputOffset())
	}
	return nil
}

// uniqueKeys reads one value and fails if an object in it has a key twice.
func uniqueKeys(d *json.Decoder, path string) error {
	token, err := d.Token()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if number, ok := token.(json.Number); ok {
		if _, err := number.Float64(); err != nil {
			return fmt.Errorf("%s: %s is no float64", path, number)
		}
	}
	bracket, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	seen := map[any]bool{}
	for i := 0; d.More(); i++ {
		step := fmt.Sprint(i)
		if bracket == '{' {
			key, err := d.Token()
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			if step = key.(string); seen[key] {
				return fmt.Errorf("%s has the key %q twice", path, key)
			}
			seen[key] = true
		}
		if err := uniqueKeys(d, path+step+"."); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// plainText wants UTF-8 without a byte order mark, and a line end at its end.
func plainText(text []byte) error {
	switch {
	case !utf8.Valid(text):
		return errors.New("is not UTF-8")
	case bytes.HasPrefix(text, []byte("\ufeff")):
		return errors.New("begins with a byte order mark")
	case len(text) > 0 && text[len(text)-1] != '\n':
		return errors.New("does not end with a line end")
	}
	return nil
}

// markdown wants the lines of a table to have as many cells as its head.
func markdown(text []byte) error {
	cells := 0
	for i, line := range strings.Split(string(text), "\n") {
		n := strings.Count(line, "|") - strings.Count(line, `\|`)
		if !strings.HasPrefix(line, "|") {
			n = 0
		}
		if cells > 0 && n > 0 && n != cells {
			return fmt.Errorf("line %d: a table's line has %d bars and its head %d", i+1, n, cells)
		}
		cells = n
	}
	return plainText(text)
}

func readNPZ(text []byte) error {
	archive, err := npz.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return err
	}
	for _, name := range archive.Keys() {
		var array []float64
		if err := archive.Read(name, &array); err != nil || !strings.HasSuffix(name, ".npy") {
			return fmt.Errorf("%s: %w", name, errors.Join(err, errors.New("want an array of float64, called .npy")))
		}
	}
	return nil
}

// readFiles reads every file that a script's programs leave behind, as what its
// name promises; not the script's own files and copies of them, nor what has no
// extension.
func readFiles(e *testscript.Env) error {
	own := map[string]bool{}
	err := eachFile(e.WorkDir, func(_ string, text []byte) error {
		own[string(text)] = true
		return nil
	})
	e.Defer(func() {
		err := eachFile(e.WorkDir, func(path string, text []byte) error {
			if own[string(text)] {
				return nil
			}
			return readFile(path, text)
		})
		if err != nil {
			e.T().Log(err)
			e.T().FailNow()
		}
	})
	return err
}

func readFile(path string, text []byte) error {
	extension := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	if extension == "" {
		return nil
	}
	read, ok := readers[extension]
	if !ok {
		return fmt.Errorf("%s: no reader for %s: give it one in readers", path, extension)
	}
	if err := read(text); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if filepath.Base(path) == "summary.json" {
		if err := keepsSpeedLimit(text); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}

// keepsSpeedLimit fails if a run moved its weights with less work than the speed limit asks
// for.
func keepsSpeedLimit(summary []byte) error {
	var s rundir.Summary
	if err := json.Unmarshal(summary, &s); err != nil {
		return err
	}
	return rundirtest.KeepsSpeedLimit(&s.Rungs)
}

// eachFile visits the plain files below a folder.
func eachFile(dir string, visit func(path string, text []byte) error) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return visit(path, text)
	})
}

// The readers refuse what the scripts are checked for.
func TestReaders(t *testing.T) {
	for _, test := range []struct{ extension, text string }{
		{"json", "{\"a\": 1, \"a\": 2}\n"},
		{"json", "{\"a\": [{\"b\": 1}, {\"b\": 1, \"b\": 1}]}\n"},
		{"json", "{\"a\": NaN}\n"},
		{"json", "{\"a\": -Infinity}\n"},
		{"json", "{\"a\": 1e999}\n"},
		{"json", "{\"a\": \"\xff\"}\n"},
		{"json", "\ufeff{}\n"},
		{"json", "{}"},
		{"json", "{}\n{}\n"},
		{"json", ""},
		{"jsonl", "{}\n{\"a\": 1"},
		{"jsonl", "{}{}\n"},
		{"yaml", "a: b: c\n"},
		{"csv", "a,b\n1\n"},
		{"md", "| a | b |\n|---|---|\n| 1 | 2 | 3 |\n"},
		{"svg", "<svg><text>\x01</text></svg>"},
		{"svg", "<svg>"},
		{"png", "GIF89a"},
		{"pdf", "%PDF-1.4\nstartxref\n3\n%%EOF\n"},
		{"npz", "PK"},
	} {
		if readers[test.extension]([]byte(test.text)) == nil {
			t.Errorf("%q passes as %s", test.text, test.extension)
		}
	}
	for summary, ok := range map[string]bool{`{"speed_efficiency": 1}`: true, `{"speed_efficiency": null, "speed_efficiency_not_known": "on a GPU"}`: true, `{"speed_efficiency": null}`: false, `{"speed_efficiency": 1.1}`: false} {
		if err := keepsSpeedLimit([]byte(summary)); (err == nil) != ok {
			t.Errorf("%s: %v", summary, err)
		}
	}
	if err := strictJSON([]byte("{\"a\": [1, {}], \"b\": {\"a\": null}}\n"), 1); err != nil {
		t.Error(err)
	}
}
