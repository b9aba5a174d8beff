package datasets

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The names that unpackers, mirrors and the descendants of MNIST give to idx files.
func TestUsualNames(t *testing.T) {
	for name, want := range map[string]idxName{
		"train-images-idx3-ubyte":                   {"", "", 0, false},
		"train-images.idx3-ubyte":                   {"", "", 0, false},
		"train-labels.idx1-ubyte":                   {"", "", 1, false},
		"t10k-images-idx3-ubyte.gz":                 {"", "", 2, true},
		"test-labels-idx1-ubyte":                    {"", "", 3, false},
		"TRAIN-IMAGES-IDX3-UBYTE.GZ":                {"", "", 0, true},
		"train_images_idx3_ubyte":                   {"", "", 0, false},
		"train-images.idx":                          {"", "", 0, false},
		"train-image-idx4-ubyte":                    {"", "", 0, false},
		"emnist-letters-train-images-idx3-ubyte.gz": {"", "emnist-letters", 0, true},
		"EMNIST-Letters-test-labels-idx1-ubyte":     {"", "emnist-letters", 3, false},
		"qmnist-train-labels-idx2-int":              {"", "qmnist", 1, false},
		"qmnist-test-labels-idx2-int.gz":            {"", "qmnist", 3, true},
	} {
		want.file = name
		if got, ok := parseIDXName(name); !ok || got != want {
			t.Errorf("%s: got %+v, %t, want %+v", name, got, ok, want)
		}
	}
	for _, name := range []string{"train-images", "train.idx3-ubyte", "images-idx3-ubyte", "train-images-idx3-ubyte.part", "train-images-idx3-ubyte.zip", "xnist-images-idx3-ubyte", "readme.txt", ""} {
		if got, ok := parseIDXName(name); ok {
			t.Errorf("%s is taken for %+v", name, got)
		}
	}
}

// renamed is tinySet under other names.
func renamed(name func(string) string) map[string][]byte {
	files := map[string][]byte{}
	for usual, b := range tinySet() {
		files[name(usual)] = b
	}
	return files
}

// Under whatever usual names the files lie, and where torchvision puts them, the data
// are the same, by content, too.
func TestIDXUnderOtherNames(t *testing.T) {
	want, err := idxSpec(inFolder(t, tinySet())).Load(0)
	if err != nil {
		t.Fatal(err)
	}
	emnist := func(n string) string {
		return "emnist-letters-" + strings.Replace(n, "t10k", "test", 1)
	}
	for name, c := range map[string]struct {
		below  string // folder of the files in the one given
		rename func(string) string
		prefix string
	}{
		"dots":            {"", func(n string) string { return strings.Replace(n, "-idx", ".idx", 1) }, ""},
		"capitals":        {"", strings.ToUpper, ""},
		"test":            {"", func(n string) string { return strings.Replace(n, "t10k", "test", 1) }, ""},
		"EMNIST":          {"", emnist, ""},
		"EMNIST, named":   {"", emnist, "EMNIST-letters-"},
		"raw":             {"raw", func(n string) string { return n }, ""},
		"torchvision":     {"MNIST/raw", func(n string) string { return n }, ""},
		"torchvision's E": {"EMNIST/raw", emnist, "emnist-letters"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			writeFiles(t, filepath.Join(dir, c.below), renamed(c.rename))
			spec := idxSpec(dir)
			spec.Prefix = c.prefix
			got, err := spec.Load(0)
			if err != nil {
				t.Fatal(err)
			}
			if got.Content.Digest != want.Content.Digest || got.String() != want.String() || !slices.Equal(got.Test.Labels(), want.Test.Labels()) {
				t.Errorf("got %v, %s", got, got.Content.Digest)
			}
			if reports, err := Check("idx", dir, c.prefix); err != nil || slices.ContainsFunc(reports, func(r FileReport) bool { return r.Problem != "" }) {
				t.Errorf("check: %+v, %v", reports, err)
			}
		})
	}
}

// Of several sets none is taken by chance: the error lists them, and each can be chosen.
func TestSeveralSetsInAFolder(t *testing.T) {
	named := func(prefix string) func(string) string { return func(n string) string { return prefix + n } }
	dir := inFolder(t, renamed(named("emnist-letters-")))
	writeFiles(t, dir, renamed(named("emnist-digits-")))
	spec := idxSpec(dir)
	_, err := spec.Load(0)
	if want := "prefix: " + dir + " has several sets: emnist-digits, emnist-letters; choose one of them"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	spec.Prefix = "mnist"
	if _, err := spec.Load(0); err == nil || !strings.Contains(err.Error(), `begin with "mnist"; there are emnist-digits, emnist-letters`) {
		t.Errorf("error %v", err)
	}
	spec.Prefix = "emnist-digits"
	if _, err := spec.Load(0); err != nil {
		t.Error(err)
	}
	writeFiles(t, dir, tinySet()) // names without a prefix go first
	if _, err := idxSpec(dir).Load(0); err != nil {
		t.Error(err)
	}
	writeFiles(t, dir, map[string][]byte{"train-images.idx3-ubyte": nil})
	if _, err := idxSpec(dir).Load(0); err == nil || !strings.Contains(err.Error(), "which is it: train-images-idx3-ubyte, train-images.idx3-ubyte") {
		t.Errorf("two files for the same: error %v", err)
	}
	root := t.TempDir()
	for _, set := range []string{"MNIST", "KMNIST"} {
		writeFiles(t, filepath.Join(root, set, "raw"), tinySet())
	}
	if _, err := idxSpec(root).Load(0); err == nil || !strings.Contains(err.Error(), filepath.Join(root, "KMNIST/raw")+", "+filepath.Join(root, "MNIST/raw")) {
		t.Errorf("torchvision's folder: error %v", err)
	}
}

// What is missing is said with what lies there instead.
func TestMissingFilesAreSaid(t *testing.T) {
	imgs := func(n string) string { return strings.Replace(n, "images", "imgs", 1) }
	file := filepath.Join(inFolder(t, tinySet()), idxNames[0])
	if _, err := idxSpec(file).Load(0); err == nil || err.Error() != file+": not a directory" {
		t.Errorf("a file for the folder: error %v", err)
	}
	for want, dir := range map[string]string{
		`did you mean "train-imgs-idx3-ubyte"?`: inFolder(t, renamed(imgs)),
		"there are digits.csv":                  inFolder(t, map[string][]byte{"digits.csv": nil}),
		"there is no such folder":               filepath.Join(t.TempDir(), "nowhere"),
		"idx files there: t10k-images-idx3":     inFolder(t, map[string][]byte{idxNames[2]: nil}),
	} {
		if _, err := idxSpec(dir).Load(0); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one that says %s", err, want)
		}
	}
}

// forbidding is a folder of which one file must not be read.
type forbidding struct {
	fs.FS
	file string
}

// Open implements fs.FS.
func (f forbidding) Open(name string) (fs.File, error) {
	if name == f.file {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return f.FS.Open(name)
}

// A file that must not be read is there, and not missing.
func TestForbiddenFilesAreSaid(t *testing.T) {
	dir := t.TempDir()
	writeFiles(t, dir, tinySet())
	for _, file := range idxNames {
		f, names, err := findIDX(folder{dir, forbidding{os.DirFS(dir), file}, false}, "")
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if _, err := (idxReader{folder: f, names: names}).read(); err == nil || !strings.Contains(err.Error(), "permission denied") || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: %v, want permission denied", file, err)
		}
	}
}
