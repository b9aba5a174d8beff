package pictures

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ergon/internal/npz"
	"ergon/train/rundir"
)

// files are what a run leaves, as far as figures need it.
type files struct {
	shape   []int
	weights npz.Array
	chains  map[string]npz.Array // nil: none
	spectra int                  // evaluations with singular values
}

// small is a run with 2×3 visible units, 4 hidden ones, 3 frames of 2 chains, 5 chains at the end.
func small() files {
	return files{
		shape: []int{2, 3}, weights: numbered(6, 4), spectra: 3,
		chains: map[string]npz.Array{"steps": {Data: []float64{10, 20, 30}, Shape: []int{3}}, "frames": numbered(3, 2, 6), "states": numbered(5, 6), "means": numbered(5, 6)},
	}
}

// numbered is an array of the numbers from -1 on, in steps of 0.1.
func numbered(shape ...int) npz.Array {
	a := npz.Array{Shape: shape}
	n := 1
	for _, k := range shape {
		n *= k
	}
	for i := range n {
		a.Data = append(a.Data, -1+0.1*float64(i))
	}
	return a
}

// lay lays a run into a new folder.
func (f files) lay(t *testing.T) rundir.Directory {
	t.Helper()
	d := rundir.Directory(filepath.Join(t.TempDir(), "run"))
	put := func(name string, text []byte) {
		path := d.Path(name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, text, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	meta, err := json.Marshal(rundir.Meta{Data: &rundir.DataRecord{Shape: f.shape}})
	if err != nil {
		t.Fatal(err)
	}
	put(rundir.MetaFile, meta)
	put(rundir.CheckpointsFolder+"/"+rundir.WeightsFile, archive(t, map[string]npz.Array{"W1": f.weights}))
	if f.chains != nil {
		put(rundir.ChainsFile, archive(t, f.chains))
	}
	var lines bytes.Buffer
	for e := range f.spectra {
		m := rundir.Metrics{Step: 10 * (e + 1)}
		m.M0 = int64(100 * e) // nothing was changed before the first
		stability := 0.5 + float64(e)
		m.Boltzmann = &rundir.Boltzmann{Spectrum: &rundir.Spectrum{SingularValues: []float64{5, 4, 3, float64(e)}, Stability: &stability}}
		if err := json.NewEncoder(&lines).Encode(m); err != nil {
			t.Fatal(err)
		}
	}
	put(rundir.MetricsFile, lines.Bytes())
	return d
}

func archive(t *testing.T, arrays map[string]npz.Array) []byte {
	t.Helper()
	var text bytes.Buffer
	w := npz.NewWriter(&text)
	for name, a := range arrays {
		if err := w.Write(name, a.Data, a.Shape...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// drawn draws what there is into a new folder, and returns the names of the figures.
func drawn(t *testing.T, d rundir.Directory) (names []string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "a", "b")
	written, err := Draw(d, folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range written {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		picture, err := png.Decode(bytes.NewReader(text))
		if err != nil || picture.Bounds().Dx() < 400 || picture.Bounds().Dy() < 100 {
			t.Errorf("%s: %v, %v", file, picture.Bounds(), err)
		}
		name, ok := strings.CutSuffix(filepath.Base(file), ".png")
		if !ok || filepath.Dir(file) != folder {
			t.Errorf("%s is no .png in %s", file, folder)
		}
		names = append(names, name)
	}
	return names
}

// Every run of a Boltzmann machine has figures, however short it was and whatever its numbers.
func TestDraw(t *testing.T) {
	all := []string{"receptive-fields", "samples", "chains", "singular-values"}
	for name, test := range map[string]struct {
		change func(*files)
		want   []string
	}{
		"a run":            {func(*files) {}, all},
		"one evaluation":   {func(f *files) { f.spectra = 1 }, all},
		"none":             {func(f *files) { f.spectra, f.chains["steps"], f.chains["frames"] = 0, numbered(0), numbered(0, 2, 6) }, all[:2]},
		"enumerated":       {func(f *files) { f.chains = nil }, []string{all[0], all[3]}},
		"no image":         {func(f *files) { f.shape = []int{6} }, all},
		"another shape":    {func(f *files) { f.shape = []int{math.MaxInt, 2, 0, -1} }, all},
		"one hidden unit":  {func(f *files) { f.weights = numbered(6, 1) }, all},
		"many units":       {func(f *files) { f.weights = numbered(6, 1000) }, all},
		"weights all 0":    {func(f *files) { clear(f.weights.Data) }, all},
		"diverged weights": {func(f *files) { f.weights.Data[3], f.weights.Data[5] = math.NaN(), math.Inf(1) }, all},
		"diverged chains":  {func(f *files) { f.chains["means"].Data[1], f.chains["frames"].Data[2] = math.NaN(), math.Inf(-1) }, all},
		"a single chain": {func(f *files) {
			f.chains["frames"], f.chains["means"] = numbered(3, 1, 6), numbered(1, 6)
		}, all},
	} {
		t.Run(name, func(t *testing.T) {
			f := small()
			test.change(&f)
			if got := drawn(t, f.lay(t)); !slices.Equal(got, test.want) {
				t.Errorf("drawn: %v, want %v", got, test.want)
			}
		})
	}
}

// A path that names a figure and a format has that figure in that format; the text of an SVG
// says what it is of.
func TestDrawOne(t *testing.T) {
	d := small().lay(t)
	words := map[string][]string{
		"receptive-fields": {"run: receptive fields", "4 of 4 hidden units", "-1.3", "1.3"}, // 24 numbers from -1 on
		"samples":          {"5 chains", "-1", "1.9"},
		"chains":           {"2 chains", "10", "20", "30", "end"},
		"singular-values":  {"σ1 of W", "σ4 of W", "steps", "M0", "transition"},
	}
	for _, name := range Names() {
		for _, format := range []string{"png", "svg", "PDF"} {
			path := filepath.Join(t.TempDir(), "sub", name+"."+format)
			written, err := Draw(d, path)
			if err != nil || !slices.Equal(written, []string{path}) {
				t.Fatalf("%v, %v; want %s", written, err, path)
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if mark := map[string]string{"png": "\x89PNG", "svg": "<svg", "PDF": "%PDF-"}[format]; !bytes.Contains(text[:200], []byte(mark)) {
				t.Errorf("%s begins with %q", path, text[:20])
			}
			if format == "svg" {
				said := textOf(t, text)
				for _, word := range words[name] {
					if !strings.Contains(said, word) {
						t.Errorf("%s does not say %q: %s", path, word, said)
					}
				}
			}
		}
	}
}

// textOf reads an SVG to the end, and returns its text.
func textOf(t *testing.T, svg []byte) (words string) {
	t.Helper()
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return words
		} else if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			words += string(text)
		}
	}
}

func TestCheck(t *testing.T) {
	for path, ok := range map[string]bool{
		"figures": true, "figures/": true, "a.b/c": true, "run.v2": true, "samples.png": true, "a/chains.SVG": true, "singular-values.pdf": true,
		"x.png": false, "a/chain.svg": false, ".pdf": false,
	} {
		if err := Check(path); (err == nil) != ok {
			t.Errorf("%s: %v", path, err)
		} else if !ok && !strings.Contains(err.Error(), "receptive-fields, samples, chains, singular-values") {
			t.Errorf("%s: %v, which does not say what there is", path, err)
		}
	}
}

// What no run writes is an error that names the file.
func TestDrawRefuses(t *testing.T) {
	other := small()
	other.chains, other.spectra = nil, 0
	if _, err := Draw(other.lay(t), t.TempDir()); !errors.Is(err, ErrNone) {
		t.Errorf("of another network: %v", err)
	}
	for want, change := range map[string]func(*files){
		rundir.WeightsFile + ": W1": func(f *files) { f.weights = numbered(24) },
		"the shape [0 4]":           func(f *files) { f.weights = numbered(0, 4) },
		"of 6 units":                func(f *files) { f.chains["frames"] = numbered(3, 2, 5) },
		"[2], [3 2 6]":              func(f *files) { f.chains["steps"] = numbered(2) },
		"[1 6]":                     func(f *files) { f.chains["means"] = numbered(1, 6) },
		"[], ":                      func(f *files) { delete(f.chains, "steps") },
	} {
		f := small()
		change(&f)
		d := f.lay(t)
		if _, err := Draw(d, t.TempDir()); err == nil || !strings.Contains(err.Error(), string(d)) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that names %s and says %q", err, d, want)
		}
	}
	for _, name := range []string{rundir.MetaFile, rundir.MetricsFile, rundir.ChainsFile, rundir.CheckpointsFolder + "/" + rundir.WeightsFile} {
		d := small().lay(t)
		if err := os.WriteFile(d.Path(name), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Draw(d, t.TempDir()); err == nil || !strings.Contains(err.Error(), d.Path(name)) {
			t.Errorf("damaged %s: %v", name, err)
		}
	}
}
