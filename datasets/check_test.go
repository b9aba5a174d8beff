package datasets

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tinyPublished returns a set like MNIST that has the content of tinySet.
func tinyPublished() *published {
	p := &published{name: "tiny", train: 5, test: 3, shape: []int{2, 3}, compressed: true}
	for _, name := range idxNames {
		p.files = append(p.files, pin(name, tinySet()[name]))
	}
	return p
}

func pin(name string, content []byte) file {
	sum := sha256.Sum256(content)
	return file{name, int64(len(content)), hex.EncodeToString(sum[:])}
}

func TestVerify(t *testing.T) {
	f, gz := pin("f", small), gzipped(t, small)
	other := slices.Clone(small)
	other[20]++
	for name, c := range map[string]struct {
		b    []byte
		kind error // nil: right
	}{
		"plain":         {small, nil},
		"gzip":          {gz, nil},
		"short":         {small[:len(small)-1], ErrTruncated},
		"long":          {append(slices.Clone(small), 0), ErrTrailing},
		"gzip short":    {gz[:len(gz)-1], ErrTruncated},
		"gzip long":     {append(slices.Clone(gz), 0), ErrTrailing},
		"gzip inside":   {gzipped(t, other[:20]), ErrTruncated},
		"other content": {other, errors.ErrUnsupported},
		"other gzip":    {gzipped(t, other), errors.ErrUnsupported},
		"empty":         {nil, ErrTruncated},
	} {
		err := f.verify(bytes.NewReader(c.b), "p", true)
		switch {
		case c.kind == nil:
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		case c.kind == errors.ErrUnsupported:
			if _, ok := errors.AsType[*HashError](err); !ok {
				t.Errorf("%s: error %v, want a HashError", name, err)
			}
		default:
			wantKind(t, err, c.kind)
		}
	}
	big := bomb(t, small, 10000)
	if got := allocated(func() { _ = f.verify(big, "p", true) }); got > 1<<20 {
		t.Errorf("verifying a bomb allocates %d bytes", got)
	}
}

func TestCheckPublished(t *testing.T) {
	p, files := tinyPublished(), tinySet()
	files[idxNames[1]][9]++
	files[idxNames[2]+".gz"] = gzipped(t, files[idxNames[2]])
	delete(files, idxNames[2])
	delete(files, idxNames[3])
	dir := inFolder(t, files)
	reports, err := p.check(dir)
	if err != nil || len(reports) != 4 {
		t.Fatalf("%d reports, error %v", len(reports), err)
	}
	for i, want := range []struct{ path, problem string }{
		{idxNames[0], ""}, {idxNames[1], "not the published file"}, {idxNames[2] + ".gz", ""}, {"", "not found"},
	} {
		r := reports[i]
		if r.File != idxNames[i] || want.path != "" && r.Path != filepath.Join(dir, want.path) || (r.Problem == "") != (want.problem == "") || !strings.Contains(r.Problem, want.problem) {
			t.Errorf("report %+v, want %+v", r, want)
		}
	}
}

func TestCheckIDX(t *testing.T) {
	problems := func(change func(map[string][]byte)) []bool {
		files := tinySet()
		change(files)
		reports, err := Check("idx", inFolder(t, files), "")
		if err != nil {
			t.Fatal(err)
		}
		var bad []bool
		for _, r := range reports {
			bad = append(bad, r.Problem != "")
		}
		return bad
	}
	for name, c := range map[string]struct {
		change func(map[string][]byte)
		bad    []bool
	}{
		"good":        {func(map[string][]byte) {}, []bool{false, false, false, false}},
		"truncated":   {func(f map[string][]byte) { f[idxNames[2]] = f[idxNames[2]][:30] }, []bool{false, false, true, false}},
		"missing":     {func(f map[string][]byte) { delete(f, idxNames[0]) }, []bool{true, false, false, false}},
		"count":       {func(f map[string][]byte) { f[idxNames[3]] = idxBytes([]uint32{2}, []byte{1, 1}) }, []bool{false, false, false, true}},
		"other shape": {func(f map[string][]byte) { f[idxNames[2]] = idxBytes([]uint32{3, 1, 1}, []byte{1, 1, 1}) }, []bool{false, false, true, false}},
	} {
		if bad := problems(c.change); !slices.Equal(bad, c.bad) {
			t.Errorf("%s: problems %v, want %v", name, bad, c.bad)
		}
	}
}

func TestCheckNeedsFiles(t *testing.T) {
	for name, part := range map[string]string{"minst": "mnist", "mixture": "generated", "idx": "folder"} {
		if _, err := Check(name, "", ""); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: error %v, want one that says %q", name, err, part)
		}
	}
}

// A set that is nowhere: the error says where was looked and what helps.
func TestNotFound(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	places := fashionMNIST.places
	fashionMNIST.places = []string{filepath.Join(cache, "debian")}
	defer func() { fashionMNIST.places = places }()
	_, err := FashionMNIST{Images{Transform: "unit"}}.Load(0)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v is no fs.ErrNotExist", err)
	}
	dir, cacheErr := CacheDir("fashion_mnist")
	if cacheErr != nil {
		t.Fatal(cacheErr)
	}
	for _, part := range []string{dir, "debian", "ergon data fetch fashion_mnist", "dataset-fashion-mnist"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not mention %s", err, part)
		}
	}
	if _, err := (CIFAR10{}).Load(0); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "ergon data fetch cifar10") {
		t.Errorf("cifar10: error %v", err)
	}
	writeFiles(t, dir, map[string][]byte{idxNames[0]: nil})
	if _, err := (FashionMNIST{}).Load(0); !strings.Contains(err.Error(), "no "+idxNames[1]) {
		t.Errorf("error %q does not say which file is missing", err)
	}
}

func isLister(s Spec) bool {
	_, ok := s.(lister)
	return ok
}

func TestList(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	byName := map[string]Listing{}
	for _, l := range List() {
		byName[l.Name] = l
		if l.Summary == "" {
			t.Errorf("%s: Summary is empty, in the Doc it is registered with", l.Name)
		}
		if l.Source == "" {
			t.Errorf("%s: Source is empty, in the Doc it is registered with: a paper, or where the files are from", l.Name)
		}
		if spec, _ := Kinds.New(l.Name); catalogue[l.Name] == nil && !isLister(spec) {
			t.Errorf("%s: %T has no list method, see Spec", l.Name, spec)
		} else if l.Found == "" && l.Hint == "" {
			t.Errorf("%s: neither Found nor Hint is set, by list", l.Name)
		}
	}
	if l := byName["mnist"]; l.Found != "embedded mnist" || l.Train != 60000 || l.Test != 10000 || l.Bytes != 54950048 {
		t.Errorf("mnist: %+v", l)
	}
	if l := byName["cifar10"]; l.Found != "" || l.Train != 50000 || !slices.Equal(l.Shape, []int{3, 32, 32}) {
		t.Errorf("cifar10: %+v", l)
	}
	if l := byName["teacher"]; l.Found != "generated" || l.Train != 10000 || l.Bytes != 4*12000*500 {
		t.Errorf("teacher: %+v", l)
	}
	for _, kind := range Kinds.Kinds() {
		if _, ok := byName[kind.Name]; !ok {
			t.Errorf("%s is not listed", kind.Name)
		}
	}
}
