package datasets

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// idxBytes returns a plain idx file with the given header, true or not.
func idxBytes(dims []uint32, data []byte) []byte {
	b := []byte{0, 0, 8, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, data...)
}

func gzipped(t testing.TB, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// wantKind checks the kind of an error and that it names the file.
func wantKind(t testing.TB, err, kind error) {
	t.Helper()
	bad, ok := errors.AsType[*FormatError](err)
	if !ok || !errors.Is(err, kind) || bad.File == "" || !strings.Contains(err.Error(), bad.File) {
		t.Errorf("error %v, want a FormatError of kind %q that names the file", err, kind)
	}
}

var small = idxBytes([]uint32{2, 3, 2}, []byte{0, 1, 2, 3, 4, 5, 250, 251, 252, 253, 254, 255})

func TestIDXRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dims := rapid.SliceOfN(rapid.IntRange(1, 6), 1, 5).Draw(t, "dims")
		n := product(dims)
		x := &IDX{dims, rapid.SliceOfN(rapid.Byte(), n, n).Draw(t, "data")}
		var b bytes.Buffer
		if err := WriteIDX(&b, x); err != nil {
			t.Fatal(err)
		}
		y, err := ReadIDX(&b, Want{"f", len(dims)})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(x.Dims, y.Dims) || !bytes.Equal(x.Data, y.Data) {
			t.Fatalf("read %v, wrote %v", y, x)
		}
	})
}

func TestWriteIDXRefuses(t *testing.T) {
	for name, x := range map[string]*IDX{
		"no dimension":     {nil, []byte{1}},
		"zero dimension":   {[]int{3, 0}, nil},
		"negative":         {[]int{-1, -1}, []byte{1}},
		"too few bytes":    {[]int{2, 2}, []byte{1, 2, 3}},
		"too many bytes":   {[]int{2}, []byte{1, 2, 3}},
		"product too big":  {[]int{1 << 16, 1 << 16}, nil},
		"product overflow": {[]int{1 << 32, 1 << 32}, nil},
		"256 dimensions":   {slices.Repeat([]int{1}, 256), []byte{1}},
	} {
		var b bytes.Buffer
		if err := WriteIDX(&b, x); err == nil || b.Len() > 0 {
			t.Errorf("%s: error %v after %d bytes, want an error and nothing written", name, err, b.Len())
		}
	}
}

func TestReadIDXPlainAndGzip(t *testing.T) {
	for name, b := range map[string][]byte{"plain": small, "gzip": gzipped(t, small)} {
		x, err := ReadIDX(bytes.NewReader(b), Want{"f", 3})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !slices.Equal(x.Dims, []int{2, 3, 2}) || !bytes.Equal(x.Data, small[16:]) {
			t.Errorf("%s: read %v", name, x)
		}
	}
}

// Data longer than one chunk, so that reading puts pieces together.
func TestReadIDXManyChunks(t *testing.T) {
	data := make([]byte, 2*chunk+7)
	for i := range data {
		data[i] = byte(i * 31 >> 3)
	}
	x, err := ReadIDX(bytes.NewReader(gzipped(t, idxBytes([]uint32{uint32(len(data))}, data))), Want{"f", 1})
	if err != nil || !bytes.Equal(x.Data, data) {
		t.Errorf("content changed or error %v", err)
	}
}

func TestReadIDXTruncatedAtEveryByte(t *testing.T) {
	for name, whole := range map[string][]byte{"plain": small, "gzip": gzipped(t, small)} {
		for n := range whole {
			x, err := ReadIDX(bytes.NewReader(whole[:n]), Want{"f", 3})
			if x != nil {
				t.Errorf("%s, %d of %d bytes: a result", name, n, len(whole))
			}
			wantKind(t, err, ErrTruncated)
		}
	}
	_, err := ReadIDX(bytes.NewReader(small[:20]), Want{"f", 3})
	if want := "f: byte 20: 8 of 12 bytes are missing in the data"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error %q, want %q", err, want)
	}
}

func TestReadIDXRefuses(t *testing.T) {
	change := func(at int, value byte) []byte {
		b := slices.Clone(small)
		b[at] = value
		return b
	}
	gz := gzipped(t, small)
	changeGzip := func(fromEnd int) []byte {
		b := slices.Clone(gz)
		b[len(b)-fromEnd] ^= 0x10
		return b
	}
	for name, c := range map[string]struct {
		b    []byte
		kind error
	}{
		"magic 0":             {change(0, 1), ErrMagic},
		"magic 1":             {change(1, 1), ErrMagic},
		"signed bytes":        {change(2, 9), ErrType},
		"float32":             {change(2, 13), ErrType},
		"unknown type":        {change(2, 0x88), ErrType},
		"rank 1":              {change(3, 1), ErrRank},
		"rank 255":            {change(3, 255), ErrRank},
		"zero dimension":      {idxBytes([]uint32{2, 0, 2}, nil), ErrSize},
		"all zero":            {idxBytes([]uint32{0, 0, 0}, nil), ErrSize},
		"2^31":                {idxBytes([]uint32{1 << 31, 1, 1}, nil), ErrSize},
		"2^31 thrice":         {idxBytes([]uint32{1 << 31, 1 << 31, 1 << 31}, nil), ErrSize},
		"2^32-1 thrice":       {idxBytes([]uint32{1<<32 - 1, 1<<32 - 1, 1<<32 - 1}, nil), ErrSize},
		"product 2^64":        {idxBytes([]uint32{1 << 22, 1 << 21, 1 << 21}, nil), ErrSize},
		"product 2^63":        {idxBytes([]uint32{1 << 21, 1 << 21, 1 << 21}, nil), ErrSize},
		"product 2^30+1":      {idxBytes([]uint32{5, 5, 42949673}, nil), ErrSize}, // 2^30+1 = 5·5·13·41·61·1321
		"product 2^30":        {idxBytes([]uint32{1 << 10, 1 << 10, 1 << 10}, nil), ErrTruncated},
		"one byte more":       {append(slices.Clone(small), 0), ErrTrailing},
		"many bytes more":     {append(slices.Clone(small), small...), ErrTrailing},
		"gzip, more inside":   {gzipped(t, append(slices.Clone(small), 0)), ErrTrailing},
		"gzip, junk behind":   {append(slices.Clone(gz), 'x'), ErrTrailing},
		"gzip, two members":   {append(slices.Clone(gz), gz...), ErrTrailing},
		"gzip, wrong ISIZE":   {changeGzip(1), ErrCompressed},
		"gzip, wrong CRC":     {changeGzip(5), ErrCompressed},
		"gzip in gzip":        {gzipped(t, gz), ErrMagic},
		"gzip header, method": {[]byte{0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3}, ErrCompressed},
		"gzip, bad block":     {append(slices.Clone(gz[:10]), 0xff, 0xff, 0xff), ErrCompressed},
		"text":                {[]byte("<!DOCTYPE html>"), ErrMagic},
	} {
		t.Run(name, func(t *testing.T) {
			x, err := ReadIDX(bytes.NewReader(c.b), Want{"f", 3})
			if x != nil {
				t.Error("a result besides the error")
			}
			wantKind(t, err, c.kind)
		})
	}
}

// An error of the reader is passed on as such, not taken for a damaged file.
func TestReadIDXReportsReaderErrors(t *testing.T) {
	broken := errors.New("input/output error")
	for n := range small {
		_, err := ReadIDX(&failingReader{small[:n], broken}, Want{"f", 3})
		wantKind(t, err, broken)
	}
}

type failingReader struct {
	rest []byte
	err  error
}

func (r *failingReader) Read(p []byte) (int, error) {
	if len(r.rest) == 0 {
		return 0, r.err
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}
