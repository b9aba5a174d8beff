package datasets

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"ergon/internal/bounded/boundedtest"
)

// A reader of announced sizes may allocate its input twice, once in chunks and once whole.
const twice = 2

// expanded is how many bytes an input can be when it is decompressed: deflate reaches 1032
// to 1. Memory follows the bytes that arrive.
func expanded(input []byte) int {
	if bytes.HasPrefix(input, []byte{0x1f, 0x8b}) {
		return 1032 * len(input)
	}
	return len(input)
}

// FuzzCIFAR: whatever the bytes, the reader gives a FormatError, or labels and pixels that
// make the file again.
func FuzzCIFAR(f *testing.F) {
	f.Add(cifarFile(3), uint8(1))
	f.Add(cifarFile(9, 0), uint8(2))
	f.Add(cifarFile(10), uint8(1))
	f.Add(cifarFile(1)[:100], uint8(1))
	f.Add([]byte(nil), uint8(0))
	f.Fuzz(func(t *testing.T, input []byte, records uint8) {
		var labels []uint8
		var pixels []byte
		var err error
		boundedtest.AtMost(t, twice, len(input), func() { labels, pixels, err = ReadCIFAR10(bytes.NewReader(input), "f", int(records)) })
		if err != nil {
			if _, ok := errors.AsType[*FormatError](err); !ok || labels != nil || pixels != nil {
				t.Fatalf("%d labels, %d pixels, error %T %v", len(labels), len(pixels), err, err)
			}
			return
		}
		var again []byte
		for i, label := range labels {
			again = append(append(again, label), pixels[i*cifarPixels:][:cifarPixels]...)
		}
		if !bytes.Equal(again, input) {
			t.Fatalf("%d bytes became %d others", len(input), len(again))
		}
	})
}

// FuzzLabels: whatever the bytes, labels are a FormatError, or one number for each example
// of the header.
func FuzzLabels(f *testing.F) {
	f.Add(idxBytes([]uint32{3}, []byte{7, 2, 1}))
	f.Add(gzipped(f, idxBytes([]uint32{3}, []byte{7, 2, 1})))
	f.Add([]byte{0, 0, 0x0c, 2, 0, 0, 0, 1, 0, 0, 0, 8})
	f.Add(append([]byte{0, 0, 0x0c, 2, 0, 0, 0, 1, 0, 0, 0, 8}, make([]byte, 32)...))
	f.Add(append([]byte{0, 0, 0x0b, 1, 0, 0, 0, 2}, 1, 2, 3, 4))
	f.Add([]byte{0, 0, 0x09, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 0, 0, 1})
	f.Add(idxBytes([]uint32{1<<32 - 1}, nil))
	f.Fuzz(func(t *testing.T, input []byte) {
		// int32 from bytes are four times as many
		boundedtest.AtMost(t, twice+4, expanded(input), func() {
			in, err := newSource(bytes.NewReader(input), "f")
			var labels *labelFile
			if err == nil {
				labels, err = readLabels(in)
			}
			if err == nil {
				if len(labels.values) == 0 || labels.at(len(labels.values)-1) >= int64(expanded(input)) {
					t.Fatalf("%d labels, the last at %d", len(labels.values), labels.at(len(labels.values)-1))
				}
				return
			}
			if _, ok := errors.AsType[*FormatError](err); !ok || labels != nil {
				t.Fatalf("labels %v, error %T %v", labels, err, err)
			}
		})
	})
}

// FuzzArchive: whatever the archive, what is unpacked is the files wanted, or nothing, and
// nothing beside.
func FuzzArchive(f *testing.F) {
	a, b := goodMembers[5], goodMembers[7]
	f.Add(tarGz(f, goodMembers...))
	f.Add(tarGz(f, a, b)[:60])
	f.Add(tarGz(f, a, member{"inner/b.bin", '2', nil}))
	f.Add([]byte{0x1f, 0x8b})
	f.Fuzz(func(t *testing.T, packed []byte) {
		above := t.TempDir()
		dir := filepath.Join(above, "data")
		writeFiles(t, dir, map[string][]byte{"two.tar.gz": packed})
		p := twoInAnArchive(packed)
		into, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer into.Close()
		want := map[string][]byte{"two.tar.gz": packed}
		boundedtest.AtMost(t, twice, len(packed), func() { err = p.archive.unpack(into, p.files) })
		if err == nil {
			want["a.bin"], want["b.bin"] = a.content, b.content
		}
		wantFiles(t, dir, want)
		if entries, err := os.ReadDir(above); err != nil || len(entries) != 1 {
			t.Errorf("beside the folder: %v, %v", entries, err)
		}
	})
}
