package datasets

import (
	"bytes"
	"compress/flate"
	"io"
	"runtime"
	"testing"
)

// allocated returns the bytes that f allocates, those freed again included.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// bomb returns a gzip stream of the given head followed by count MiB of zeros.
// Deflate blocks that end at a byte can be repeated, so making it is cheap.
func bomb(t testing.TB, head []byte, count int) io.Reader {
	deflate := func(b []byte) []byte {
		var out bytes.Buffer
		w, err := flate.NewWriter(&out, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(b); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	stream := append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}, deflate(head)...)
	return io.MultiReader(bytes.NewReader(stream), bytes.NewReader(bytes.Repeat(deflate(make([]byte, 1<<20)), count)))
}

func TestReadIDXMemoryIsBounded(t *testing.T) {
	const buffers = 300 << 10 // of bufio and the decompressor
	big := []uint32{1 << 10, 1 << 10, 1 << 10}
	for name, c := range map[string]struct {
		r     io.Reader
		kind  error
		bound uint64 // bytes allocated
	}{
		"header alone, 1 GiB announced":       {bytes.NewReader(idxBytes(big, nil)), ErrTruncated, chunk + buffers},
		"12 bytes of 1 GiB":                   {bytes.NewReader(idxBytes(big, small[16:])), ErrTruncated, chunk + buffers},
		"3 MiB of 1 GiB":                      {bytes.NewReader(idxBytes(big, make([]byte, 3<<20))), ErrTruncated, 3<<20 + chunk + buffers},
		"gzip, 3 MiB of 1 GiB":                {bomb(t, idxBytes(big, nil), 3), ErrTruncated, 3<<20 + chunk + buffers},
		"10 MB bomb of 10 GiB behind 12 byte": {bomb(t, small, 10000), ErrTrailing, buffers},
		"10 MB bomb of 10 GiB behind header":  {bomb(t, idxBytes([]uint32{2, 3, 2}, nil), 10000), ErrTrailing, buffers},
		"bomb of no idx at all":               {bomb(t, []byte("junk"), 10000), ErrMagic, buffers},
		"2^93 bytes announced":                {bomb(t, idxBytes([]uint32{1 << 31, 1 << 31, 1 << 31}, nil), 10000), ErrSize, buffers},
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			if got := allocated(func() { _, err = ReadIDX(c.r, Want{"f", 3}) }); got > c.bound {
				t.Errorf("%d bytes allocated, want at most %d", got, c.bound)
			}
			wantKind(t, err, c.kind)
		})
	}
}

// A good file costs its content twice at most, once in pieces and once whole.
func TestReadIDXMemoryOfAGoodFile(t *testing.T) {
	const n = 8 << 20
	b := idxBytes([]uint32{n}, make([]byte, n))
	got := allocated(func() {
		if _, err := ReadIDX(bytes.NewReader(b), Want{"f", 1}); err != nil {
			t.Error(err)
		}
	})
	if bound := uint64(2*n + 300<<10); got > bound {
		t.Errorf("%d bytes allocated, want at most %d", got, bound)
	}
}

// Memory follows what is known of a file: a plain one has the bytes that it announces, or is told not
// to at once; a published one holds what was published, however it is compressed.
func TestMemoryOfFiles(t *testing.T) {
	const n, buffers = 8 << 20, 300 << 10
	good, big := idxBytes([]uint32{2, 2, n / 4}, make([]byte, n)), idxBytes([]uint32{1 << 10, 1 << 10, 1 << 10}, make([]byte, 3<<20))
	dir := openFolder(inFolder(t, map[string][]byte{"plain": good, "packed": gzipped(t, good), "short": big, "short packed": gzipped(t, big)}))
	for _, c := range []struct {
		name      string
		published int64 // bytes; 0: not known
		bound     uint64
		kind      error // nil: good
	}{
		{"plain", 0, n + buffers, nil},
		{"packed", 0, 2*n + buffers, nil},
		{"packed", int64(len(good)), n + buffers, nil},
		{"short", 0, 3<<20 + chunk + buffers, ErrTruncated},
		{"short packed", int64(len(good)), 3<<20 + chunk + buffers, ErrTruncated},
	} {
		var err error
		got := allocated(func() {
			_, err = dir.readFile(c.name, true, func(in *source) error {
				if c.published > 0 {
					in.sure = c.published
				}
				_, err := readImages(in)
				return err
			})
		})
		if got > c.bound {
			t.Errorf("%s: %d bytes allocated, want at most %d", c.name, got, c.bound)
		}
		if c.kind == nil && err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if c.kind != nil {
			wantKind(t, err, c.kind)
		}
	}
}
