package train

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/datasets"
	"ergon/train/rundir"
)

// meta.json has where a run's numbers come from, by content: the data, the price tables,
// the program.
func TestMetaSaysWhatWasRead(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	prices := "mac: 1e-12\n"
	if err := os.WriteFile("mine.yaml", []byte(prices), 0o600); err != nil {
		t.Fatal(err)
	}
	files := writeTinyIDX(t, "digits")
	c := load(t, tiny, "data={name: idx, dir: digits, train: 4, renumber: true}", "energy.prices=[./mine.yaml, unit]", "train.batch=2", "model.hidden=[]")
	directory, err := rundir.Open("run", false)
	if err != nil {
		t.Fatal(err)
	}
	defer directory.Close()
	if _, err := begin(t, c).Train(context.Background(), NewRecorder(directory)); err != nil {
		t.Fatal(err)
	}
	meta, err := directory.Meta()
	if err != nil {
		t.Fatal(err)
	}
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := digest(string(program)); meta.Executable != want || meta.Directory != here {
		t.Errorf("executable %s, want %s; directory %s, want %s", meta.Executable, want, meta.Directory, here)
	}
	first, last := 3, 5
	all := ""
	for _, f := range files {
		all += f.SHA256
	}
	want := &rundir.DataRecord{
		Name: "idx", Where: filepath.Join(here, "digits"), SHA256: digest(all), Files: files,
		Train: 4, Test: 3, Shape: []int{2, 2}, Classes: 2, FirstLabel: &first, LastLabel: &last,
	}
	if diff := cmp.Diff(want, meta.Data); diff != "" {
		t.Error(diff)
	}
	if len(meta.Prices) != 2 || meta.Prices[0] != (rundir.PriceRecord{Name: "mine", File: filepath.Join(here, "mine.yaml"), SHA256: digest(prices)}) ||
		meta.Prices[1].File != "" || len(meta.Prices[1].SHA256) != 64 {
		t.Errorf("prices %+v", meta.Prices)
	}
	s, err := directory.Summary()
	if err != nil {
		t.Fatal(err)
	}
	if j := s.Energy.JoulesModel["mine"]; j.File != meta.Prices[0].File || j.SHA256 != meta.Prices[0].SHA256 {
		t.Errorf("joules by %s, %s", j.File, j.SHA256)
	}
}

// Generated data are known by config and seed; real-valued targets have no labels.
func TestMetaOfGeneratedData(t *testing.T) {
	r := begin(t, load(t, tiny))
	if d := DataRecord(r.Config.Data, r.Data); d.Where != "generated" || d.SHA256 != "" || d.Classes != 3 || *d.LastLabel != 2 {
		t.Errorf("%+v", d)
	}
	teacher := datasets.Teacher{Synthetic: datasets.Synthetic{Inputs: 3, Train: 2, Test: 1}, Units: 1, Activation: "erf", Readout: "ones"}
	data, err := teacher.Load(0)
	if err != nil {
		t.Fatal(err)
	}
	if d := DataRecord(teacher, data); d.Classes != 0 || d.FirstLabel != nil || d.LastLabel != nil {
		t.Errorf("%+v", d)
	}
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// writeTinyIDX writes a set of 5 + 3 images of 2×2 pixels with the labels 3 and 5, and
// returns its files.
func writeTinyIDX(t *testing.T, dir string) (files []rundir.FileRecord) {
	t.Helper()
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, f := range []struct{ name, content string }{
		{"train-images-idx3-ubyte", "\x00\x00\x08\x03\x00\x00\x00\x05\x00\x00\x00\x02\x00\x00\x00\x02" + "abcdefghijklmnopqrst"},
		{"train-labels-idx1-ubyte", "\x00\x00\x08\x01\x00\x00\x00\x05" + "\x03\x05\x03\x05\x03"},
		{"t10k-images-idx3-ubyte", "\x00\x00\x08\x03\x00\x00\x00\x03\x00\x00\x00\x02\x00\x00\x00\x02" + "abcdefghijkl"},
		{"t10k-labels-idx1-ubyte", "\x00\x00\x08\x01\x00\x00\x00\x03" + "\x03\x05\x05"},
	} {
		if err := os.WriteFile(filepath.Join(dir, f.name), []byte(f.content), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, rundir.FileRecord{Name: f.name, Bytes: int64(len(f.content)), SHA256: digest(f.content)})
	}
	return files
}

// A run that could not write its config, as on a full disk, leaves a directory that --force
// may write anew: it is marked as a run's before.
func TestMarkedBeforeTheConfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), "run")
	directory, err := rundir.Open(path, false)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(directory.Path(rundir.ConfigFile), 0o700); err != nil { // no file can take its place
		t.Fatal(err)
	}
	if _, err := begin(t, load(t, tiny)).Train(t.Context(), NewRecorder(directory)); err == nil {
		t.Fatal("trained without a config")
	}
	directory.Close()
	if directory, err = rundir.Open(path, true); err != nil {
		t.Fatal(err)
	}
	directory.Close()
}
