package npz

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	other "github.com/sbinet/npyio/npz"
)

// array is an entry of the archives that are written here.
type array struct {
	name  string
	data  []float64
	shape []int
}

var arrays = []array{
	{"W1", []float64{1, -2.5, 0x1p-149, 3e38, 5, 6}, []int{2, 3}},
	{"b1", []float64{0.1, 0.2, 0.3}, []int{3}},
	{"scalar", []float64{7}, nil},
	{"empty", nil, []int{0, 4}},
	{"deep", make([]float64, 24), []int{2, 3, 4}},
}

func write(t *testing.T, all []array) []byte {
	t.Helper()
	var text bytes.Buffer
	w := NewWriter(&text)
	for _, a := range all {
		if err := w.Write(a.name, a.data, a.shape...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// The headers are those of numpy.save, numpy 2.4.
func TestHeader(t *testing.T) {
	for _, test := range []struct {
		shape  []int
		text   string
		length int
	}{
		{nil, "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", 118},
		{[]int{3}, "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", 118},
		{[]int{784, 100}, "{'descr': '<f8', 'fortran_order': False, 'shape': (784, 100), }", 118},
		{[]int{0, 4}, "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 4), }", 118},
		{[]int{2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, "{'descr': '<f8', 'fortran_order': False, 'shape': (2" + strings.Repeat(", 2", 19) + "), }", 182},
	} {
		want := fmt.Sprintf("\x93NUMPY\x01\x00%s\x00%-*s\n", []byte{byte(test.length)}, test.length-1, test.text)
		if got := header(test.shape); string(got) != want {
			t.Errorf("%v:\n got %q\nwant %q", test.shape, got, want)
		}
	}
}

// A reader that goes from local header to local header, as those in C++ do,
// finds every array by what the headers say, and nothing between them.
func TestEntriesFollowEachOther(t *testing.T) {
	rest := write(t, arrays)
	for _, a := range arrays {
		at := func(i int) uint16 { return binary.LittleEndian.Uint16(rest[i:]) }
		long := func(i int) int { return int(binary.LittleEndian.Uint32(rest[i:])) }
		if long(0) != 0x04034b50 {
			t.Fatalf("%s: no local header where the last entry ended: % x", a.name, rest[:4])
		}
		if flags, method := at(6), at(8); flags&^(1<<11) != 0 || method != zip.Store {
			t.Errorf("%s: flags %#x, method %d, want sizes in front of stored data", a.name, flags, method)
		}
		if day, month := at(12)&31, at(12)>>5&15; day != 1 || month != 1 {
			t.Errorf("%s: day %d of month %d", a.name, day, month)
		}
		packed, size, name := long(18), long(22), string(rest[30:30+at(26)])
		if name != a.name+".npy" || packed != size {
			t.Errorf("%q of %d bytes, %d packed, want %s.npy and the same", name, size, packed, a.name)
		}
		begin := 30 + int(at(26)) + int(at(28))
		content := rest[begin : begin+size]
		if crc32.ChecksumIEEE(content) != uint32(long(14)) {
			t.Errorf("%s: its checksum is another's", a.name)
		}
		if data := size - 8*len(a.data); data%64 != 0 {
			t.Errorf("%s: data begin at byte %d, which is no multiple of 64", a.name, data)
		}
		rest = rest[begin+size:]
	}
	if !bytes.HasPrefix(rest, []byte("PK\x01\x02")) {
		t.Errorf("after the last entry comes % x, want the central directory", rest[:4])
	}
}

// Another's reader gets back every bit.
func TestOtherReader(t *testing.T) {
	text := write(t, arrays)
	for _, a := range arrays[:2] { // npyio reads neither scalars as slices nor empty arrays
		var got []float64
		if err := other.Read(bytes.NewReader(text), a.name+".npy", &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a.data, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", a.name, diff)
		}
	}
	z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range z.File {
		if r, err := f.Open(); err != nil {
			t.Error(err)
		} else if _, err := io.Copy(io.Discard, r); err != nil || f.Name != arrays[i].name+".npy" {
			t.Errorf("entry %d is %s, %v; want %s.npy whole", i, f.Name, err, arrays[i].name)
		}
	}
}

func TestSameArraysSameBytes(t *testing.T) {
	if !bytes.Equal(write(t, arrays), write(t, arrays)) {
		t.Error("two archives of the same arrays differ")
	}
}

func TestWrong(t *testing.T) {
	w := NewWriter(io.Discard)
	for want, err := range map[string]error{
		"npz: W1: 5 numbers do not fill the shape (2, 3)": w.Write("W1", make([]float64, 5), 2, 3),
		"npz: b1: 2 numbers do not fill the shape (3,)":   w.Write("b1", make([]float64, 2), 3),
		`npz: two arrays are called "b2"`:                 twice(w, "b2"),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func twice(w *Writer, name string) error {
	if err := w.Write(name, nil, 0); err != nil {
		return err
	}
	return w.Write(name, nil, 0)
}
