package checkpoint

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ergon/internal/state"
)

// difference compares checkpoints, numbers by their bits.
func difference(want, got *Checkpoint) string {
	return cmp.Diff(want, got, cmpopts.EquateEmpty(),
		cmp.Comparer(func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) }),
		cmp.Comparer(func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }))
}

// fixed is the checkpoint of testdata/v1.safetensors. It must never change.
func fixed() *Checkpoint {
	return &Checkpoint{
		Header: Header{Step: 1, Program: "v1.0.0 <&>", Config: "5d81950c56"},
		Run:    json.RawMessage(`{"metrics":1234,"best":0.9737}`),
		State: &state.Snapshot{
			Float32s: map[string][]float32{
				"weights.0": {1.5, -2.25, float32(math.Inf(1)), math.Float32frombits(0x7fc00001), math.Float32frombits(0x80000000), 1e-45, 7},
				"weights.1": {},
			},
			Float64s: map[string][]float64{"ledger.m1": {0.1, math.Pi, math.Inf(-1), math.Float64frombits(0xfff8000000000001)}},
			Values: map[string]json.RawMessage{
				"ledger.m0": json.RawMessage(`[18446744073709551615,0]`),
				"mask":      json.RawMessage(`{"name":"übung \"x\"\n","kept":[]}`),
				"nothing":   json.RawMessage(`null`),
			},
		},
	}
}

// The first format is read for ever. The file was written when it came into being; if
// this fails, what reads it has to be mended, and not the file.
func TestVersion1(t *testing.T) {
	text, err := os.ReadFile("testdata/v1.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	if diff := difference(fixed(), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// On a real disk: what is written is loaded, bit for bit, and equal contents are equal bytes.
func TestFolder(t *testing.T) {
	folder := t.TempDir()
	s := inFolder(t, folder)
	if c, skipped, err := s.Latest(); c != nil || skipped != nil || err != nil {
		t.Errorf("an empty folder has %v, %v, %v", c, skipped, err)
	}
	var texts [][]byte
	for range 2 {
		if err := s.Write(fixed()); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(folder, "step-000001.safetensors"))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if !bytes.Equal(texts[0], texts[1]) {
		t.Error("the same checkpoint is other bytes")
	}
	got, skipped, err := s.Latest()
	if err != nil || skipped != nil {
		t.Fatal(err, skipped)
	}
	if diff := difference(fixed(), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
