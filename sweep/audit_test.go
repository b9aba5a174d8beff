package sweep

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ergon/datasets"
	"ergon/train/rundir"
)

// idxDigits writes an idx set of 60 + 20 images of 3×3 pixels, the class one lit pixel, and
// returns its folder. Labels are shifted by shift.
func idxDigits(t *testing.T, dir string, shift int) string {
	t.Helper()
	for part, n := range map[string]int{"train": 60, "t10k": 20} {
		images, labels := &datasets.IDX{Dims: []int{n, 3, 3}, Data: make([]byte, 9*n)}, &datasets.IDX{Dims: []int{n}, Data: make([]byte, n)}
		for i := range n {
			images.Data[9*i+i%4] = byte(200 + i%50)
			labels.Data[i] = byte((i + shift) % 4)
		}
		writeIDX(t, filepath.Join(dir, part+"-images-idx3-ubyte"), images)
		writeIDX(t, filepath.Join(dir, part+"-labels-idx1-ubyte"), labels)
	}
	return dir
}

func writeIDX(t *testing.T, path string, x *datasets.IDX) {
	t.Helper()
	var b bytes.Buffer
	if err := datasets.WriteIDX(&b, x); err != nil {
		t.Fatal(err)
	}
	write(t, path, b.String())
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ownFiles is a benchmark over data and prices that its cells name by path.
func ownFiles(t *testing.T) (cells []Cell, data, prices string) {
	t.Helper()
	data, prices = idxDigits(t, t.TempDir(), 0), filepath.Join(t.TempDir(), "mine.yaml")
	write(t, prices, "mac: 1e-12\n")
	return planned(t, parse(t, fmt.Sprintf(`base: mnist
set: {data: idx, data.dir: %s, "energy.prices": [%s], model.hidden: [], train.batch: 10}
rules: [{label: full}]
seeds: 2
goals: 0.5
budget: 100
`, data, prices))), data, prices
}

// rerun runs cells again, and returns what became of them and the remarks.
func rerun(t *testing.T, cells []Cell, out string, force bool) (reused int, notes []string, err error) {
	t.Helper()
	outcomes, err := Run(context.Background(), cells, Options{Out: out, Jobs: 1, Force: force, Note: func(text string) { notes = append(notes, text) }})
	for i := range outcomes {
		if outcomes[i].Reused {
			reused++
		} else if !outcomes[i].Finished() {
			t.Errorf("%s: %v", outcomes[i].Status(), outcomes[i].Err)
		}
	}
	return reused, notes, err
}

// What cells name by path is known by content: other data or prices stop the call, with
// what changed; the same content elsewhere does not.
func TestChangedContent(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(data, prices string)
		want   string // in the error; "": the cells are reused
	}{
		{"nothing", func(string, string) {}, ""},
		{"labels", func(data, _ string) { idxDigits(t, data, 1) }, "data of cell "},
		{"a table", func(_, prices string) { write(t, prices, "mac: 2e-12\n") }, "price table "},
		{"compressed", func(data, _ string) {
			path := filepath.Join(data, "t10k-images-idx3-ubyte")
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write(text)
			_ = z.Close()
			write(t, path+".gz", b.String())
			_ = os.Remove(path)
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			cells, data, prices := ownFiles(t)
			out := t.TempDir()
			ran(t, cells, out)
			c.change(data, prices)
			before := snapshot(t, out)
			reused, notes, err := rerun(t, cells, out, false)
			if c.want == "" {
				if err != nil || reused != 2 || len(notes) > 0 {
					t.Errorf("%d reused, %v, %v", reused, notes, err)
				}
				return
			}
			for _, part := range []string{c.want, cells[0].Hash, cells[1].Hash, "(full, seed 1) changed since it ran (SHA-256 ", "… then, ", "--force runs all cells anew"} {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("error %v does not say %q", err, part)
				}
			}
			if after := snapshot(t, out); fmt.Sprint(after) != fmt.Sprint(before) {
				t.Error("the old cells were touched")
			}
			if reused, _, err := rerun(t, cells, out, true); err != nil || reused != 0 {
				t.Errorf("with force: %d reused, %v", reused, err)
			}
			if reused, _, err := rerun(t, cells, out, false); err != nil || reused != 2 {
				t.Errorf("after force: %d reused, %v", reused, err)
			}
		})
	}
}

// Data that are gone cannot be checked: a benchmark that is done is still printed.
func TestDataThatAreGone(t *testing.T) {
	cells, data, _ := ownFiles(t)
	out := t.TempDir()
	ran(t, cells, out)
	if err := os.RemoveAll(data); err != nil {
		t.Fatal(err)
	}
	reused, notes, err := rerun(t, cells, out, false)
	if err != nil || reused != 2 || len(notes) != 1 || !strings.Contains(notes[0], "cannot be checked: ") {
		t.Errorf("%d reused, %q, %v, want one note for both", reused, notes, err)
	}
}

// A cell of which any file is not what its run left is run anew, and that is said.
func TestDamagedCells(t *testing.T) {
	cells, _, _ := ownFiles(t)
	out := t.TempDir()
	ran(t, cells, out)
	cell, other := cells[0].Directory(out), cells[1].Directory(out)
	for _, c := range []struct {
		file, text string // "other": the file of the other cell; "": removed
		want       string
	}{
		{rundir.ConfigFile, "garbage\n", "has no config.yaml that can be read"},
		{rundir.ConfigFile, "{}\n", "has the config.yaml of another run"},
		{rundir.ConfigFile, "", "has no config.yaml that can be read"},
		{rundir.MetaFile, "", "has no meta.json that can be read"},
		{rundir.MetaFile, "other", "has the meta.json of another run"},
		{rundir.MetricsFile, "\n", "has a damaged metrics.jsonl"},
		{rundir.MetricsFile, "{\"step\": 6}\n{\"step\": 6}\n", "has a damaged metrics.jsonl"},
		{rundir.MetricsFile, "{\"step\": 6}\n", "has a metrics.jsonl that is not whole"},
		{rundir.SummaryFile, "other", "has the summary.json of another run"},
	} {
		t.Run(c.file+" "+c.text, func(t *testing.T) {
			switch c.text {
			case "":
				if err := os.Remove(cell.Path(c.file)); err != nil {
					t.Fatal(err)
				}
			case "other":
				text, err := os.ReadFile(other.Path(c.file))
				if err != nil {
					t.Fatal(err)
				}
				write(t, cell.Path(c.file), string(text))
			default:
				write(t, cell.Path(c.file), c.text)
			}
			reused, notes, err := rerun(t, cells, out, false)
			want := fmt.Sprintf("cell %s (full, seed 0) %s: it is run anew", cells[0].Hash, c.want)
			if err != nil || reused != 1 || !slices.Equal(notes, []string{want}) {
				t.Errorf("%d reused, %q, %v; want %s", reused, notes, err, want)
			}
			if reused, notes, err := rerun(t, cells, out, false); err != nil || reused != 2 || len(notes) > 0 {
				t.Errorf("mended: %d reused, %q, %v", reused, notes, err)
			}
		})
	}
	write(t, cell.Path(rundir.MetricsFile), "")
	if reused, notes, err := rerun(t, cells, out, false); err != nil || reused != 1 || len(notes) != 1 {
		t.Errorf("emptied: %d reused, %q, %v", reused, notes, err)
	}
}

// forget makes cells those of a version that recorded no data.
func forget(t *testing.T, cells []Cell, out string) {
	t.Helper()
	for _, c := range cells {
		d, err := rundir.OpenCell(string(c.Directory(out)), false)
		if err != nil {
			t.Fatal(err)
		}
		meta, err := d.Meta()
		if err != nil {
			t.Fatal(err)
		}
		meta.Data, meta.Prices = nil, nil
		if err := errors.Join(d.WriteJSON(rundir.MetaFile, meta), d.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

// Cells of versions that recorded no digests are reused; one line says what cannot be
// checked, if there is anything.
func TestCellsWithoutDigests(t *testing.T) {
	cells, data, _ := ownFiles(t)
	out := t.TempDir()
	ran(t, cells, out)
	forget(t, cells, out)
	idxDigits(t, data, 1)
	reused, notes, err := rerun(t, cells, out, false)
	if err != nil || reused != 2 || len(notes) != 1 || !strings.HasPrefix(notes[0], "2 finished cells are of a version that did not record") {
		t.Errorf("%d reused, %q, %v", reused, notes, err)
	}
	generated, out := planned(t, parse(t, small))[:2], t.TempDir()
	ran(t, generated, out)
	forget(t, generated, out)
	if reused, notes, err := rerun(t, generated, out, false); err != nil || reused != 2 || len(notes) > 0 {
		t.Errorf("generated data: %d reused, %q, %v", reused, notes, err)
	}
}

// What transform standard means changed, so cells of before are none of now.
func TestCellsStandardizedByMNIST(t *testing.T) {
	cells, _, _ := ownFiles(t)
	out := t.TempDir()
	for i := range cells {
		spec := cells[i].Config.Data.(datasets.IDXFolder)
		spec.Transform = "standard"
		cells[i].Config.Data = spec
		cells[i].Hash, _ = cells[i].Config.Hash()
	}
	ran(t, cells, out)
	if reused, notes, err := rerun(t, cells, out, false); err != nil || reused != 2 || len(notes) > 0 {
		t.Errorf("%d reused, %q, %v", reused, notes, err)
	}
	forget(t, cells, out)
	if reused, notes, err := rerun(t, cells, out, false); err != nil || reused != 0 || len(notes) != 2 || !strings.Contains(notes[0], "took MNIST's mean") {
		t.Errorf("%d reused, %q, %v", reused, notes, err)
	}
}

// Data that change while a benchmark runs are no data of its later cells.
func TestDataThatChangeMeanwhile(t *testing.T) {
	cells, data, _ := ownFiles(t)
	outcomes, err := Run(context.Background(), cells, Options{Out: t.TempDir(), Jobs: 1, Observe: func(p Progress) {
		if p.Ended != nil && p.Done == 1 {
			idxDigits(t, data, 1)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !outcomes[0].Finished() || outcomes[1].Err == nil || !strings.Contains(outcomes[1].Err.Error(), "data changed while the benchmark ran (SHA-256 ") {
		t.Errorf("%v, %v", states(outcomes), outcomes[1].Err)
	}
}

// What is odd about the labels is said once.
func TestRemarksOfData(t *testing.T) {
	cells, data, _ := ownFiles(t)
	labels := &datasets.IDX{Dims: []int{20}, Data: bytes.Repeat([]byte{1}, 20)}
	writeIDX(t, filepath.Join(data, "t10k-labels-idx1-ubyte"), labels)
	labels.Data[3] = 9
	writeIDX(t, filepath.Join(data, "t10k-labels-idx1-ubyte"), labels)
	_, notes, err := rerun(t, cells, t.TempDir(), false)
	if err != nil || len(notes) != 1 || !strings.HasPrefix(notes[0], "idx: no example has label 4 to 8") {
		t.Errorf("%q, %v", notes, err)
	}
}
