package safetensors

import (
	"bytes"
	"errors"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// contents is what a file says, with numbers as bits so that NaN equals itself.
type contents struct {
	Metadata []Entry
	Arrays   map[string]any
	Shapes   map[string][]int64
}

func read(text []byte) (*contents, error) {
	f, err := New(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return nil, err
	}
	c := &contents{f.Metadata, map[string]any{}, map[string][]int64{}}
	for _, t := range f.Tensors {
		c.Shapes[t.Name] = t.Shape
		switch t.DType {
		case F32:
			x, err := f.Float32s(t)
			if err != nil {
				return nil, err
			}
			bits := make([]uint32, len(x))
			for i, v := range x {
				bits[i] = math.Float32bits(v)
			}
			c.Arrays[t.Name] = bits
		case F64:
			x, err := f.Float64s(t)
			if err != nil {
				return nil, err
			}
			bits := make([]uint64, len(x))
			for i, v := range x {
				bits[i] = math.Float64bits(v)
			}
			c.Arrays[t.Name] = bits
		}
	}
	return c, nil
}

// write writes what a file said.
func (c *contents) write(t testing.TB) []byte {
	t.Helper()
	var arrays []Array
	for name, bits := range c.Arrays {
		switch bits := bits.(type) {
		case []uint32:
			x := make([]float32, len(bits))
			for i, b := range bits {
				x[i] = math.Float32frombits(b)
			}
			arrays = append(arrays, Float32s(name, x, c.Shapes[name]...))
		case []uint64:
			x := make([]float64, len(bits))
			for i, b := range bits {
				x[i] = math.Float64frombits(b)
			}
			arrays = append(arrays, Float64s(name, x, c.Shapes[name]...))
		}
		if len(c.Shapes[name]) == 0 {
			arrays[len(arrays)-1].shape = []int64{}
		}
	}
	var b bytes.Buffer
	if err := Write(&b, c.Metadata, arrays); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func entries(pairs ...string) (all []Entry) {
	for pair := range slices.Chunk(pairs, 2) {
		all = append(all, Entry{pair[0], []byte(pair[1])})
	}
	return all
}

// small is a file with what makes files difficult: no numbers, numbers that are none,
// a count of F32 that leaves F64 unaligned unless they come first, texts with escapes.
var small = &contents{
	Metadata: entries("z", "first", "a", "{\"b\": \"\\n\\u00e9\"}\n", "", "\x00\x12\u2028<&>😀"),
	Arrays: map[string]any{
		"a":   []uint32{math.Float32bits(1.5), 0x7f800001, 0x80000000}, // a signalling NaN, -0
		"b":   []uint64{math.Float64bits(math.Pi), 0xfff8000000000001},
		"c é": []uint32{}, "d": []uint64{1},
	},
	Shapes: map[string][]int64{"a": {3}, "b": {2, 1}, "c é": {0, 4}, "d": {}},
}

func TestRoundTrip(t *testing.T) {
	text := small.write(t)
	got, err := read(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(small, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for range 5 { // of the map's orders
		if !bytes.Equal(small.write(t), text) {
			t.Fatal("the same contents are other bytes")
		}
	}
	for _, c := range []*contents{{}, {Metadata: entries("k", "v")}} {
		if got, err := read(c.write(t)); err != nil || !cmp.Equal(got.Metadata, c.Metadata) || len(got.Arrays) > 0 {
			t.Errorf("%+v is read as %+v, %v", c, got, err)
		}
	}
}

// Arrays of more numbers than are converted at a time.
func TestLarge(t *testing.T) {
	x, y := make([]float32, 3*chunk/4+1), make([]float64, chunk/8+1)
	for i := range x {
		x[i] = float32(i)
	}
	for i := range y {
		y[i] = -float64(i)
	}
	var b bytes.Buffer
	if err := Write(&b, nil, []Array{Float32s("x", x), Float64s("y", y)}); err != nil {
		t.Fatal(err)
	}
	f, err := New(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	gotY, errY := f.Float64s(f.Tensors[0])
	gotX, errX := f.Float32s(f.Tensors[1])
	if errX != nil || errY != nil || !slices.Equal(gotX, x) || !slices.Equal(gotY, y) {
		t.Errorf("read %d and %d numbers, %v, %v, want %d and %d", len(gotX), len(gotY), errX, errY, len(x), len(y))
	}
	if _, err := f.Float32s(f.Tensors[0]); err == nil {
		t.Error("float64 are read as float32")
	}
}

// A file that Python's safetensors 0.8.0 has written:
//
//	safetensors.numpy.save_file({'b': numpy.arange(3, dtype='f4'),
//	  'a': numpy.arange(4, dtype='f8').reshape(2, 2), 'scalar': numpy.array(2.5),
//	  'empty': numpy.zeros((0, 4), 'f4'), 'naïve "x"': numpy.array([numpy.nan], 'f4')},
//	  'python.safetensors', metadata={'é': '{"a": "<\\u00e9>\n"}'})
//
// It is read, and what is written is the same bytes.
func TestPython(t *testing.T) {
	text, err := os.ReadFile("testdata/python.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	got, err := read(text)
	if err != nil {
		t.Fatal(err)
	}
	f64 := math.Float64bits
	want := &contents{
		Metadata: entries("é", `{"a": "<\u00e9>`+"\n"+`"}`),
		Arrays: map[string]any{
			"a": []uint64{0, f64(1), f64(2), f64(3)}, "scalar": []uint64{f64(2.5)},
			"b": []uint32{0, math.Float32bits(1), math.Float32bits(2)}, "empty": []uint32{}, `naïve "x"`: []uint32{0x7fc00000},
		},
		Shapes: map[string][]int64{"a": {2, 2}, "scalar": {}, "b": {3}, "empty": {0, 4}, `naïve "x"`: {1}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if ours := want.write(t); !bytes.Equal(ours, text) {
		t.Errorf("wrote\n%q, Python\n%q", ours, text)
	}
}

// What could not be read again is not written, nor is anything else then.
func TestWriteRefuses(t *testing.T) {
	many := make([]Array, 10_000)
	for i := range many {
		many[i] = Float32s(strings.Repeat("x", i+1)[:1]+string(rune('a'+i%26))+string(rune(0x4e00+i)), nil)
	}
	for want, test := range map[string]struct {
		metadata []Entry
		arrays   []Array
	}{
		`"a": the name is given twice`:               {nil, []Array{Float32s("a", nil), Float64s("a", nil)}},
		`"__metadata__": the name is`:                {nil, []Array{Float32s(metadataKey, nil)}},
		`"a\xff": the name is given twice, or taken`: {nil, []Array{Float32s("a\xff", nil)}},
		`"k": the key is given twice`:                {entries("k", "1", "k", "2"), nil},
		`"j": the key is given twice, or`:            {entries("j", "\xff"), nil},
		`"s": 3 numbers do not fill the shape [2]`:   {nil, []Array{Float32s("s", make([]float32, 3), 2)}},
		`"n": 0 numbers do not fill the shape [-1`:   {nil, []Array{Float32s("n", nil, -1, 0)}},
		`"r": 1 numbers do not fill the shape [1 1`:  {nil, []Array{Float32s("r", make([]float32, 1), 1, 1, 1, 1, 1, 1, 1, 1, 1)}},
		"10000 names in a file of ":                  {nil, many},
		"the header has 100000001 bytes or more":     {[]Entry{{"k", make([]byte, maxHeader)}}, nil},
	} {
		var b bytes.Buffer
		if err := Write(&b, test.metadata, test.arrays); err == nil || !strings.HasPrefix(err.Error(), want) || b.Len() > 0 {
			t.Errorf("error %v and %d bytes, want %s and none", err, b.Len(), want)
		}
	}
}

// What the disk says goes through.
func TestDiskErrors(t *testing.T) {
	broken := errors.New("broken")
	text := small.write(t)
	for n := range len(text) {
		if err := Write(&limited{n, broken}, small.Metadata, []Array{Float32s("a", make([]float32, 1000))}); !errors.Is(err, broken) {
			t.Fatalf("error %v when the disk takes %d bytes", err, n)
		}
		f, err := New(failing{text, n, broken}, int64(len(text)))
		for i := 0; err == nil && i < len(f.Tensors); i++ {
			if _, err = f.Float32s(f.Tensors[i]); f.Tensors[i].DType == F64 {
				_, err = f.Float64s(f.Tensors[i])
			}
		}
		if !errors.Is(err, broken) {
			t.Fatalf("error %v when byte %d cannot be read", err, n)
		}
	}
}

// limited takes n bytes and then fails.
type limited struct {
	n   int
	err error
}

func (l *limited) Write(p []byte) (int, error) {
	if l.n -= len(p); l.n < 0 {
		return 0, l.err
	}
	return len(p), nil
}

// failing has a byte that cannot be read.
type failing struct {
	text []byte
	at   int
	err  error
}

func (f failing) ReadAt(p []byte, at int64) (int, error) {
	if int(at) <= f.at && f.at < int(at)+len(p) {
		return 0, f.err
	}
	return bytes.NewReader(f.text).ReadAt(p, at)
}
