package datasets

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

// A folder with other files than those of the published set is refused for every set of
// the catalogue, whichever that is.
func TestPublishedSetsAreVerified(t *testing.T) {
	for _, name := range Fetchable() {
		dir := t.TempDir()
		files := tinySet()
		if name == "cifar10" {
			continue // TestCIFAR10
		}
		writeFiles(t, dir, files)
		_, err := Open(name, dir, "")
		bad, ok := errors.AsType[*NotPublishedError](err)
		if !ok || bad.Set != name || bad.Folder != dir || !strings.Contains(err.Error(), "say data=idx") || !strings.Contains(err.Error(), idxNames[0]+" has SHA-256 ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// catalogued puts a set into the catalogue for a test.
func catalogued(t *testing.T, p *published) *published {
	catalogue[p.name] = p
	t.Cleanup(func() { delete(catalogue, p.name) })
	return p
}

// load reads a set as its Spec would.
func (p *published) load(dir string) (*corpus, error) {
	o, err := p.idxOrigin(dir)
	if err != nil {
		return nil, err
	}
	return o.read()
}

// A set that has the names of another one is told from it, and said whose it is.
func TestPublishedSetOfAnother(t *testing.T) {
	tiny, twin := catalogued(t, tinyPublished()), tinyPublished()
	twin.name = "twin"
	changed := tinySet()[idxNames[3]]
	changed[9] = 3
	twin.files[3] = pin(idxNames[3], changed)
	dir := inFolder(t, tinySet())
	if _, err := tiny.load(dir); err != nil {
		t.Error(err)
	}
	_, err := catalogued(t, twin).load(dir)
	want := dir + ": not the published twin (" + idxNames[3] + " has SHA-256 " + tiny.files[3].sha256 + ", which is tiny's); say data=idx for files of your own"
	if err == nil || err.Error() != want {
		t.Errorf("error %v\nwant %s", err, want)
	}
}

// Compressed anew, under other names and where torchvision puts them, the files are
// still the published ones.
func TestPublishedSetElsewhere(t *testing.T) {
	p := tinyPublished()
	p.torchvision = "Tiny"
	files := map[string][]byte{}
	for name, b := range tinySet() {
		files[strings.Replace(name, "-idx", ".idx", 1)+".gz"] = gzipped(t, b)
	}
	for _, below := range []string{"", "raw", "Tiny/raw"} {
		dir := t.TempDir()
		writeFiles(t, filepath.Join(dir, below), files)
		c, err := p.load(dir)
		if err != nil {
			t.Errorf("%q: %v", below, err)
		} else if want := pinned("", p).Digest; c.content.Digest != want || c.content.Where != filepath.Join(dir, below) {
			t.Errorf("%q: content %+v, want digest %s", below, c.content, want)
		}
	}
}

// Of a set that is known compressed only, files compressed anew are not known.
func TestPackedSet(t *testing.T) {
	p, files := &published{name: "packed", shape: []int{2, 3}}, map[string][]byte{}
	for _, name := range idxNames {
		files[name+".gz"] = gzipped(t, tinySet()[name])
		p.files = append(p.files, pin(name+".gz", files[name+".gz"]))
	}
	dir := inFolder(t, files)
	writeFiles(t, dir, tinySet()) // torchvision leaves both
	if _, err := p.load(dir); err != nil {
		t.Error(err)
	}
	if reports, err := p.check(dir); err != nil || reports[0].Problem != "" || reports[0].File != idxNames[0] || reports[3].Problem != "" {
		t.Errorf("%+v, %v", reports, err)
	}
	if _, err := p.load(inFolder(t, tinySet())); err == nil || !strings.Contains(err.Error(), "known only compressed") {
		t.Errorf("error %v", err)
	}
}
