package launch

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/sweep"
)

// read returns the text of a sweep's list.
func read(t *testing.T, s *Sweep) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Folder, sweep.SweepFile))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A sweep is listed by the same bytes each time, and opens as what was created: with the
// cells of the benchmark, in their order, and the benchmark that a report needs.
func TestListIsDeterministic(t *testing.T) {
	text := small + "grid: {lr: [0.1, 0.3]}\npublished: [{label: full, goal: 0.6, m0: 12, source: a paper}]\n"
	a, b := create(t, text), create(t, text)
	if diff := cmp.Diff(read(t, a), read(t, b)); diff != "" {
		t.Error(diff)
	}
	opened, err := Open(a.Folder)
	if err != nil {
		t.Fatal(err)
	}
	if err := opened.resolveAll(); err != nil {
		t.Fatal(err)
	}
	bench := parse(t, text)
	cells, err := bench.Cells(nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(opened.cells) != 12 || len(cells) != 12 {
		t.Fatalf("%d cells, and the benchmark has %d, want 12", len(opened.cells), len(cells))
	}
	for i, c := range opened.cells {
		if c.Hash != cells[i].Hash || c.Label != cells[i].Label || c.Seed != cells[i].Seed || c.Sources == nil {
			t.Errorf("cell %d is %+v", i, c)
		}
	}
	same := func(b *sweep.Bench) string {
		text, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if diff := cmp.Diff(same(bench), same(opened.list.Bench)); diff != "" {
		t.Error(diff)
	}
}

// A list that is not what a submission wrote is an error, and none of its names become paths
// elsewhere.
func TestDamagedLists(t *testing.T) {
	s := create(t, small)
	whole := read(t, s)
	hash := s.cells[0].Hash
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "unexpected end"},
		{"cut", whole[:len(whole)/2], "unexpected"},
		{"no list", "{}", "format 0"},
		{"of a later version", replaced(t, whole, `"version": 1`, `"version": 2`), "format 2"},
		{"a list", "[1]", "cannot unmarshal"},
		{"unknown key", replaced(t, whole, `"pack":`, `"sack": 1, "pack":`), "sack"},
		{"negative pack", replaced(t, whole, `"pack": 0,`+"\n \"arms\"", `"pack": -1,`+"\n \"arms\""), "packs of -1"},
		{"pack of a word", replaced(t, whole, `"pack": 0,`+"\n \"arms\"", `"pack": "a",`+"\n \"arms\""), "pack"},
		{"path for a hash", replaced(t, whole, `"hash": "`+hash, `"hash": "../../../`+hash), "has no hash"},
		{"no hash", replaced(t, whole, `"hash": "`+hash, `"hash": "`), "has no hash"},
		{"another hash", replaced(t, whole, `"hash": "`+hash, `"hash": "0123456789`), "other hashes"},
		{"twice", replaced(t, whole, `"hash": "`+s.cells[1].Hash, `"hash": "`+hash), "twice"},
		{"arm that is not there", replaced(t, whole, `"label": "half",`+"\n   \"config\"", `"label": "hall",`+"\n   \"config\""), "not among the arms"},
		{"config that is none", replaced(t, whole, `"config": "name: `, `"config": "nome: `), "nome"},
		{"another config", replaced(t, whole, `batch: 10`, `batch: 11`), "other hashes"},
		{"no cells", whole[:strings.Index(whole, `"cells": [`)] + `"cells": []}`, "lists no benchmark"},
		{"no sources", replaced(t, whole, `"sources": {`, `"sources": null, "x": {`), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.WriteFile(filepath.Join(s.Folder, sweep.SweepFile), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			opened, err := Open(s.Folder)
			if err == nil {
				_, err = opened.Status(t.Context())
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), s.Folder) && !strings.Contains(err.Error(), sweep.SweepFile) {
				t.Errorf("error %v, want one that says %q and where", err, c.want)
			}
		})
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "ergon sweep submit") {
		t.Errorf("no sweep: %v", err)
	}
}

// What is submitted again gets the new launch settings. More of the same benchmark may be
// added, another one not.
func TestSubmitTwice(t *testing.T) {
	s := create(t, small)
	again := func(text string, force bool) (*Sweep, error) {
		return Create(s.Folder, parse(t, text), nil, force, nil)
	}
	other, err := again(small+"launch: {pack: 2, slurm: {partition: other}}\n", false)
	if err != nil || other.Packs() != 3 || other.list.Launch.Slurm.Partition != "other" {
		t.Errorf("the same again: %v, %+v", err, other)
	}
	if _, err := again(replaced(t, small, "budget: 400", "budget: 500"), false); err == nil || !strings.Contains(err.Error(), "budget") {
		t.Errorf("another benchmark: %v", err)
	}
	if err := os.Remove(filepath.Join(s.Folder, sweep.SweepFile)); err != nil { // as if it had been killed before it wrote that
		t.Fatal(err)
	}
	if _, err := again(small, false); err != nil {
		t.Error(err)
	}
	first := worked(t, s)
	more, err := again(replaced(t, small, "seeds: 3", "seeds: 4"), false)
	if err != nil {
		t.Fatal(err)
	}
	if st := status(t, more); first.Done != 6 || st.Done != 6 || st.Missing != 2 {
		t.Errorf("%d were done; now %+v, want 6 done, 2 missing", first.Done, st)
	}
	anew, err := again(small, true)
	if err != nil {
		t.Fatal(err)
	}
	if st := status(t, anew); st.Missing != 6 {
		t.Errorf("after --force %+v", st)
	}
}
