package datasets

import (
	"slices"
	"testing"
)

// What data are follows from the content of their files alone, and from all of it.
func TestContent(t *testing.T) {
	first := inFolder(t, tinySet())
	want, err := ContentOf(idxSpec(first))
	if err != nil {
		t.Fatal(err)
	}
	if d, err := idxSpec(first).Load(0); err != nil || d.Content.Digest != want.Digest || d.Content.Where != first || !slices.Equal(d.Content.Files, want.Files) {
		t.Errorf("loaded %+v, %v; want %+v", d.Content, err, want)
	}
	for i, f := range want.Files {
		if p := pin(idxNames[i], tinySet()[idxNames[i]]); f != (FileContent{p.name, p.size, p.sha256}) {
			t.Errorf("file %+v, want %+v", f, p)
		}
	}
	packed := map[string][]byte{}
	for name, b := range tinySet() {
		packed[name+".gz"] = gzipped(t, b)
	}
	if c, err := ContentOf(idxSpec(inFolder(t, packed))); err != nil || c.Digest != want.Digest {
		t.Errorf("compressed: %+v, %v", c, err)
	}
	seen := map[string]bool{want.Digest: true}
	for _, name := range idxNames {
		files := tinySet()
		b := files[name]
		b[len(b)-1] ^= 1
		c, err := ContentOf(idxSpec(inFolder(t, files)))
		if err != nil || seen[c.Digest] {
			t.Errorf("the last bit of %s: %+v, %v", name, c, err)
		}
		seen[c.Digest] = true
	}
}

// Data that follow from the program have nothing to be read; others are read anew.
func TestInProgram(t *testing.T) {
	for _, kind := range Kinds.Kinds() {
		spec, _ := Kinds.New(kind.Name)
		p := catalogue[kind.Name]
		_, own := spec.(checker)
		if want := !own && (p == nil || p.builtin != nil); InProgram(spec) != want {
			t.Errorf("%s is part of the program: %t", kind.Name, !want)
		}
	}
	if InProgram(MNIST{Images{Dir: "d"}}) {
		t.Error("MNIST of a folder is part of the program")
	}
	if c, err := ContentOf(MNIST{}); err != nil || c.Digest != pinned("", mnist).Digest || c.Where != "embedded mnist" {
		t.Errorf("%+v, %v", c, err)
	}
	if c, err := ContentOf(Mixture{}); err != nil || c.Digest != "" || c.Where != "generated" {
		t.Errorf("%+v, %v", c, err)
	}
	d, err := MNIST{Images{Train: 10, Test: 5, Transform: "unit"}}.Load(0)
	if err != nil || d.Content.Digest != pinned("", mnist).Digest || d.String() != "10 + 5 images of 28×28, classes 0–9" {
		t.Errorf("%v, %v", d, err)
	}
}

func TestDescriptions(t *testing.T) {
	for want, spec := range map[string]Spec{
		"40 + 25 vectors of 12, classes 0–2":               Mixture{Synthetic{12, 40, Split{}, 25}, 3, 1},
		"30 + 10 held out + 25 vectors of 12, classes 0–2": Mixture{Synthetic{12, 40, Split{10}, 25}, 3, 1},
		"40 + 25 vectors of 12, real-valued targets":       Teacher{Synthetic{12, 40, Split{}, 25}, 2, "erf", "ones", 0},
	} {
		if d, err := spec.Load(1); err != nil || d.String() != want || d.Content.Where != generated {
			t.Errorf("got %v, %v; want %s", d, err, want)
		}
	}
}
