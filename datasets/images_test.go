package datasets

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func splitChoice(allowed string) []string { return strings.Split(allowed, " | ") }

// tinySet returns the four files of a set of 5 + 3 images of 2×3 pixels and 4 classes.
func tinySet() map[string][]byte {
	pixels := func(n, from int) []byte {
		b := make([]byte, n*6)
		for i := range b {
			b[i] = byte(from + 5*i)
		}
		return b
	}
	return map[string][]byte{
		idxNames[0]: idxBytes([]uint32{5, 2, 3}, pixels(5, 0)),
		idxNames[1]: idxBytes([]uint32{5}, []byte{0, 1, 2, 3, 0}),
		idxNames[2]: idxBytes([]uint32{3, 2, 3}, pixels(3, 100)),
		idxNames[3]: idxBytes([]uint32{3}, []byte{2, 1, 0}),
	}
}

func writeFiles(t testing.TB, dir string, files map[string][]byte) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// inFolder writes files to a new folder and returns it.
func inFolder(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	writeFiles(t, dir, files)
	return dir
}

func idxSpec(dir string) IDXFolder { return IDXFolder{Images: Images{Dir: dir, Transform: "unit"}} }

func TestIDXFolder(t *testing.T) {
	files := tinySet()
	files[idxNames[0]+".gz"] = gzipped(t, files[idxNames[0]])
	delete(files, idxNames[0])
	d, err := idxSpec(inFolder(t, files)).Load(0)
	if err != nil {
		t.Fatal(err)
	}
	if d.Train.Len() != 5 || d.Test.Len() != 3 || d.Train.Inputs() != 6 || d.Test.Outputs() != 4 || d.Classes != 4 || !slices.Equal(d.Shape, []int{2, 3}) {
		t.Errorf("sizes are %+v", d)
	}
	if !bytes.Equal(d.Train.Labels(), []byte{0, 1, 2, 3, 0}) || !bytes.Equal(d.Test.Labels(), []byte{2, 1, 0}) {
		t.Errorf("labels are %v, %v", d.Train.Labels(), d.Test.Labels())
	}
	x := make([]float32, 6)
	d.Test.Gather([]int32{1}, x, 6, nil)
	if x[0] != 130.0/255 || x[5] != 155.0/255 {
		t.Errorf("test image 1 is %v", x)
	}
}

func TestIDXFolderCutsAndCounts(t *testing.T) {
	spec := idxSpec(inFolder(t, tinySet()))
	spec.Train, spec.Test, spec.Classes = 2, 3, 7
	d, err := spec.Load(0)
	if err != nil {
		t.Fatal(err)
	}
	if d.Train.Len() != 2 || len(d.Train.Labels()) != 2 || d.Test.Len() != 3 || d.Classes != 7 || d.Train.Outputs() != 7 {
		t.Errorf("sizes are %+v", d)
	}
	for key, change := range map[string]func(*IDXFolder){
		"train":     func(s *IDXFolder) { s.Train = 6 },
		"test":      func(s *IDXFolder) { s.Test = 4 },
		"transform": func(s *IDXFolder) { s.Transform = "cubic" },
		"dir":       func(s *IDXFolder) { s.Dir = "" },
	} {
		bad := spec
		change(&bad)
		if _, err := bad.Load(0); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: error %v, want one that names the setting", key, err)
		}
	}
}

func TestIDXFolderRefusesBadSets(t *testing.T) {
	for name, c := range map[string]struct {
		change func(files map[string][]byte)
		kind   error
		at     string // in the message
	}{
		"label out of range":    {func(f map[string][]byte) { f[idxNames[3]][9] = 4 }, ErrLabel, idxNames[3] + ": byte 9: label 4 of example 1"},
		"fewer labels":          {func(f map[string][]byte) { f[idxNames[1]] = idxBytes([]uint32{4}, []byte{0, 1, 2, 3}) }, ErrMismatch, "4 labels for the 5 images"},
		"more labels":           {func(f map[string][]byte) { f[idxNames[3]] = idxBytes([]uint32{4}, []byte{0, 1, 2, 3}) }, ErrMismatch, "4 labels for the 3 images"},
		"other shape":           {func(f map[string][]byte) { f[idxNames[2]] = idxBytes([]uint32{3, 3, 2}, make([]byte, 18)) }, ErrMismatch, "[3 2]"},
		"images for labels":     {func(f map[string][]byte) { f[idxNames[1]] = f[idxNames[0]] }, ErrRank, "3 dimensions instead of 1"},
		"truncated":             {func(f map[string][]byte) { f[idxNames[0]] = f[idxNames[0]][:40] }, ErrTruncated, "6 of 30 bytes are missing"},
		"missing":               {func(f map[string][]byte) { delete(f, idxNames[2]) }, fs.ErrNotExist, idxNames[2] + ".gz not found"},
		"a folder for the file": {func(f map[string][]byte) { delete(f, idxNames[0]) }, fs.ErrNotExist, idxNames[0]},
	} {
		t.Run(name, func(t *testing.T) {
			files := tinySet()
			c.change(files)
			spec := idxSpec(inFolder(t, files))
			spec.Classes = 4
			_, err := spec.Load(0)
			if !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.at) {
				t.Errorf("error %v, want %q of kind %v", err, c.at, c.kind)
			}
		})
	}
}

// Specs that differ in more than bytes share them; a changed file is read anew.
func TestDataAreShared(t *testing.T) {
	files := tinySet()
	spec := idxSpec(inFolder(t, files))
	must := func(s IDXFolder, seed uint64) *Data {
		d, err := s.Load(seed)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first := must(spec, 0)
	if must(spec, 0) != first {
		t.Error("the same spec and seed gave two copies")
	}
	other := spec
	other.Transform, other.Train = "standard", 2
	a, b := first.Train.rows.(*byteRows), must(other, 1).Train.rows.(*byteRows)
	if &a.pixels[0] != &b.pixels[0] {
		t.Error("another transform has its own copy of the bytes")
	}
	files[idxNames[0]] = idxBytes([]uint32{5, 3, 3}, make([]byte, 45))
	files[idxNames[2]] = idxBytes([]uint32{3, 3, 3}, make([]byte, 27))
	writeFiles(t, spec.Dir, files)
	if d := must(spec, 0); d.Train.Inputs() != 9 {
		t.Errorf("changed files gave %d inputs, want 9", d.Train.Inputs())
	}
}

func TestSpecsAreComparable(t *testing.T) {
	seen := map[Spec]bool{}
	for _, kind := range Kinds.Kinds() {
		spec, _ := Kinds.New(kind.Name)
		seen[spec] = true // panics if it is not
	}
	if want := len(Kinds.Kinds()); len(seen) != want {
		t.Errorf("%d different specs of %d kinds", len(seen), want)
	}
}

// A set that can be fetched can be chosen, by the same name.
func TestPublishedSetsAreKinds(t *testing.T) {
	if len(Fetchable()) == 0 {
		t.Error("the catalogue is empty")
	}
	for _, name := range Fetchable() {
		if _, ok := Kinds.New(name); !ok {
			t.Errorf("%s is published, but no kind of data", name)
		}
	}
}
