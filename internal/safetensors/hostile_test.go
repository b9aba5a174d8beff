package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// file is a file with that header and n bytes of numbers.
func file(header string, n int) []byte {
	text := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(text, header...), make([]byte, n)...)
}

// tensor is a header with one array "a".
func tensor(dtype, shape, offsets string) string {
	return fmt.Sprintf(`{"a":{"dtype":%s,"shape":%s,"data_offsets":%s}}`, dtype, shape, offsets)
}

// two is a header with two arrays of one float64, at those offsets. It ends at a
// multiple of 8.
func two(first, second string) string {
	h := fmt.Sprintf(`{"a":{"dtype":"F64","shape":[1],"data_offsets":%s},"b":{"dtype":"F64","shape":[1],"data_offsets":%s}}`, first, second)
	return h + strings.Repeat(" ", (8-len(h)%8)%8)
}

// hostile are files that are refused, each with what is said.
var hostile = []struct {
	name string
	text []byte
	want string
}{
	{"nothing", nil, "byte 0: the file ends within its first 8 bytes"},
	{"seven bytes", make([]byte, 7), "byte 7: the file ends within"},
	{"no header", make([]byte, 8), "byte 8: the header does not begin with {"},
	{"header of 2⁶⁴-1", bytes.Repeat([]byte{0xff}, 100), "byte 0: a header of 18446744073709551615 bytes"},
	{"header of 2⁶³", append([]byte{0, 0, 0, 0, 0, 0, 0, 0x80}, "{}"...), "byte 0: a header of 9223372036854775808 bytes"},
	{"header above the limit", append(binary.LittleEndian.AppendUint64(nil, maxHeader+1), "{}"...), "byte 0: a header of 100000001 bytes"},
	{"header at the limit, not there", append(binary.LittleEndian.AppendUint64(nil, maxHeader), "{}"...), "byte 10: the file ends, and its header takes 99999998 bytes more"},
	{"header is longer by one", append(binary.LittleEndian.AppendUint64(nil, 3), "{}"...), "byte 10: the file ends"},
	{"a space first", file(" {}", 0), "byte 8: the header does not begin with {"},
	{"a list", file("[]", 0), "byte 8: the header does not begin with {"},
	{"a byte order mark", file("\xef\xbb\xbf{}", 0), "byte 8: the header does not begin with {"},
	{"a zip file", append([]byte("PK\x03\x04\x14\x00\x08\x00"), make([]byte, 100)...), "this is no safetensors file"},
	{"a pickle", append([]byte("\x80\x02}q\x00.\x00\x00"), make([]byte, 100)...), "this is no safetensors file"},
	{"no UTF-8", file(`{"a`+"\xff"+`":{}}`, 0), "byte 11: the header is not UTF-8"},
	{"half a character of UTF-8", file(`{"é`+"\xc3", 0), "byte 12: the header is not UTF-8"},
	{"no end", file(`{`, 0), `byte 9: the header ends where '"' should stand`},
	{"no end of a text", file(`{"a`, 0), "byte 11: the header ends within a text"},
	{"no end of an escape", file(`{"a\`, 0), "byte 11: no escape as JSON has them"},
	{"no value", file(`{"a"`, 0), "byte 12: the header ends where ':' should stand"},
	{"null", file(`{"a":null}`, 0), `'n' where '{' should stand`},
	{"a list of lists", file(`{"a":`+strings.Repeat("[", 10_000), 0), `byte 13, "a": '[' where '{' should stand`},
	{"objects in objects", file(strings.Repeat(`{"a":`, 10_000), 0), `byte 14, "a": the key "a", which no array has`},
	{"a comma at the end", file(`{"__metadata__":{},}`, 0), `byte 27: '}' where '"' should stand`},
	{"no comma", file(`{"__metadata__":{"a":"b" "c":"d"}}`, 0), `'"' where ',' should stand`},
	{"nothing but keys", file("{"+strings.Repeat(`"data_offsets"`, 1<<18), 0), `'"' where ':' should stand`},
	{"a control character", file("{\"a\n\":{}}", 0), "byte 11: a control character within a text"},
	{"an unknown escape", file(`{"\x41":{}}`, 0), "byte 10: no escape as JSON has them"},
	{"a short escape", file(`{"\u12":{}}`, 0), "byte 10: no escape as JSON has them"},
	{"a signed escape", file(`{"\u+123":{}}`, 0), "byte 10: no escape as JSON has them"},
	{"half of a pair", file(`{"\ud83dx":{}}`, 0), "no escape as JSON has them"},
	{"two first halves", file(`{"\ud83d\ud83d":{}}`, 0), "half of a character"},
	{"second half first", file(`{"\ude00\ud83d":{}}`, 0), "half of a character"},
	{"behind the end", file(`{}x`, 0), `byte 10: 'x' after the end of the header`},
	{"a tab behind the end", file("{}\t", 0), `byte 10: '\t' after the end`},
	{"a zero byte behind the end", file("{}\x00", 0), `byte 10: '\x00' after the end`},
	{"a second object", file("{}{}", 0), `byte 10: '{' after the end`},
	{"an array of no file", file("{}", 8), "byte 10: the file has 18 bytes, by its header 10"},

	{"metadata are a text", file(`{"__metadata__":"a"}`, 0), `'"' where '{' should stand`},
	{"metadata are numbers", file(`{"__metadata__":{"a":1}}`, 0), `'1' where '"' should stand`},
	{"metadata are objects", file(`{"__metadata__":{"a":{}}}`, 0), `'{' where '"' should stand`},
	{"metadata twice", file(`{"__metadata__":{},"__metadata__":{}}`, 0), "byte 27: a second __metadata__"},
	{"metadata are an array", file(`{"__metadata__":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`, 0), `'[' where '"' should stand`},
	{"a key twice", file(`{"__metadata__":{"a":"","b":"","a":""}}`, 0), `byte 8, "a": is in the header twice`},
	{"a key twice, once escaped", file(`{"__metadata__":{"a":"","\u0061":""}}`, 0), `byte 8, "a": is in the header twice`},

	{"no dtype", file(`{"a":{"shape":[0],"data_offsets":[0,0]}}`, 0), `byte 9, "a": an array needs a dtype`},
	{"no shape", file(`{"a":{"dtype":"F32","data_offsets":[0,0]}}`, 0), "an array needs a dtype"},
	{"no offsets", file(`{"a":{"dtype":"F32","shape":[0]}}`, 0), "an array needs a dtype"},
	{"nothing of an array", file(`{"a":{}}`, 0), "an array needs a dtype"},
	{"one offset", file(tensor(`"F32"`, "[0]", "[0]"), 0), "an array needs a dtype, a shape and two data_offsets"},
	{"three offsets", file(tensor(`"F32"`, "[0]", "[0,0,0]"), 0), "a list has more than 2 numbers"},
	{"nine dimensions", file(tensor(`"F32"`, "[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4), "a list has more than 8 numbers"},
	{"a dtype twice", file(`{"a":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}}`, 0), `"a": a second dtype`},
	{"a shape twice", file(`{"a":{"dtype":"F32","shape":[],"shape":[0],"data_offsets":[0,0]}}`, 0), `"a": a second shape`},
	{"offsets twice", file(`{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"data_offsets":[0,0]}}`, 0), `"a": a second data_offsets`},
	{"an unknown key", file(`{"a":{"dtype":"F32","shape":[0],"strides":[4],"data_offsets":[0,0]}}`, 0), `"a": the key "strides", which no array has`},
	{"an array twice", file(`{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`, 0), `"a": is in the header twice`},
	{"half precision", file(tensor(`"F16"`, "[1]", "[0,2]"), 2), `numbers of type "F16", and only F32 and F64`},
	{"an unknown type", file(tensor(`"f32"`, "[1]", "[0,4]"), 4), `numbers of type "f32"`},
	{"an empty type", file(tensor(`""`, "[1]", "[0,4]"), 4), `numbers of type ""`},
	{"a type that is a number", file(tensor(`32`, "[1]", "[0,4]"), 4), `'3' where '"' should stand`},

	{"a dimension of -1", file(tensor(`"F32"`, "[-1]", "[0,4]"), 4), "no integer of the form"},
	{"a dimension of -0", file(tensor(`"F32"`, "[-0]", "[0,0]"), 0), "no integer of the form"},
	{"a dimension of 1.0", file(tensor(`"F32"`, "[1.0]", "[0,4]"), 4), `'.' where ',' should stand`},
	{"a dimension of 1e0", file(tensor(`"F32"`, "[1e0]", "[0,4]"), 4), `'e' where ',' should stand`},
	{"a dimension of 01", file(tensor(`"F32"`, "[01]", "[0,4]"), 4), "no integer of the form"},
	{"a dimension in quotes", file(tensor(`"F32"`, `["1"]`, "[0,4]"), 4), "no integer of the form"},
	{"an empty dimension", file(tensor(`"F32"`, "[1,]", "[0,4]"), 4), "no integer of the form"},
	{"2³¹ numbers", file(tensor(`"F32"`, "[2147483648]", "[0,8589934592]"), 4), `"a": ends at byte 8589934592 of the numbers, and the file has 4`},
	{"2³² numbers", file(tensor(`"F32"`, "[4294967296]", "[0,17179869184]"), 4), "ends at byte 17179869184"},
	{"2³² numbers, and no bytes", file(tensor(`"F32"`, "[4294967296]", "[0,0]"), 0), "bytes 0 to 0 of the numbers are not the 17179869184"},
	{"2⁶² numbers, whose bytes are 0 mod 2⁶⁴", file(tensor(`"F32"`, "[4611686018427387904]", "[0,0]"), 0), "no file has as many numbers as the shape"},
	{"2⁶³ numbers", file(tensor(`"F32"`, "[9223372036854775808]", "[0,0]"), 0), "an integer above 9223372036854775807"},
	{"2⁶⁴ numbers", file(tensor(`"F32"`, "[18446744073709551616]", "[0,0]"), 0), "an integer above 9223372036854775807"},
	{"10³⁰ numbers", file(tensor(`"F32"`, "[1"+strings.Repeat("0", 30)+"]", "[0,0]"), 0), "an integer above"},
	{"2³² × 2³²", file(tensor(`"F32"`, "[4294967296,4294967296]", "[0,0]"), 0), "no file has as many numbers as the shape [4294967296 4294967296]"},
	{"none of 2³² × 2³²", file(tensor(`"F64"`, "[0,4294967296,4294967296]", "[0,0]"), 0), "no file has as many numbers"},
	{"more numbers than the shape", file(tensor(`"F32"`, "[1]", "[0,8]"), 8), "bytes 0 to 8 of the numbers are not the 4 of shape [1]"},
	{"fewer numbers than the shape", file(tensor(`"F32"`, "[2]", "[0,4]"), 4), "bytes 0 to 4 of the numbers are not the 8"},
	{"a shape of no dimension", file(tensor(`"F32"`, "[]", "[0,0]"), 0), "bytes 0 to 0 of the numbers are not the 4"},
	{"an end before the beginning", file(tensor(`"F32"`, "[1]", "[0,18446744073709551612]"), 4), "an integer above"},
	{"not aligned", file(tensor(`"F32"`, "[1]", "[0,4]")+strings.Repeat(" ", 5), 4), "numbers of 4 bytes begin at byte 6"},
	{"a later one is not aligned", file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F64","shape":[1],"data_offsets":[4,12]}}    `, 12), `"b": numbers of 8 bytes begin at byte 1`},

	{"a hole", file(two("[0,8]", "[16,24]"), 24), `"b": begins at byte 16 of the numbers, and those before end at byte 8: a hole`},
	{"a hole in front", file(two("[8,16]", "[16,24]"), 24), `"a": begins at byte 8 of the numbers, and those before end at byte 0: a hole`},
	{"an overlap", file(two("[0,8]", "[4,12]"), 12), `"b": begins at byte 4 of the numbers, and those before end at byte 8: they overlap`},
	{"one within the other", file(two("[0,8]", "[0,8]"), 8), `"b": begins at byte 0 of the numbers, and those before end at byte 8: they overlap`},
	{"the wrong order", file(two("[8,16]", "[0,8]"), 16), `"a": begins at byte 8`},
	{"a byte behind the numbers", file(two("[0,8]", "[8,16]"), 17), "the file has 137 bytes, by its header 136"},
	{"a byte too few", file(two("[0,8]", "[8,16]"), 15), `"b": ends at byte 16 of the numbers, and the file has 15`},
	{"too many arrays", file(names(3072+2000, `%q:{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`), 0), "names in a file of"},
	{"too many entries", file(`{"__metadata__":`+names(3072+2000, `%q:""`)+"}", 0), "names in a file of"},
}

// names is an object with n members, whose format has a place for a name.
func names(n int, member string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(map[bool]string{true: "{", false: ","}[i == 0])
		fmt.Fprintf(&b, member, fmt.Sprint(i))
	}
	return b.String() + "}"
}

// Every hostile file is refused with an error that says where and what, and costs no
// more memory than its size allows.
func TestHostile(t *testing.T) {
	for _, test := range hostile {
		var err error
		allocated := allocations(func() { err = load(test.text) })
		var wrong *Error
		if !errors.As(err, &wrong) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %s", test.name, err, test.want)
		} else if wrong.Byte < 0 || wrong.Byte > int64(len(test.text)) {
			t.Errorf("%s: byte %d of %d", test.name, wrong.Byte, len(test.text))
		}
		if most := bound(len(test.text)); allocated > most {
			t.Errorf("%s: allocated %d bytes, at most %d are allowed", test.name, allocated, most)
		}
	}
}

// bound is how many bytes reading a file of a size may allocate.
func bound(size int) uint64 { return 2*uint64(size) + 1<<20 }

// allocations is how many bytes f allocates, what is free again included.
func allocations(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// load reads a file, and does nothing with it.
func load(text []byte) error {
	f, err := New(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return err
	}
	for _, a := range f.Tensors {
		if a.DType == F64 {
			_, err = f.Float64s(a)
		} else {
			_, err = f.Float32s(a)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Files that are read, and cost a reader the most for their size, keep the bound.
func TestAllocations(t *testing.T) {
	array := `%q:{"dtype":"F32","shape":[0,0,0,0,0,0,0,0],"data_offsets":[0,0]}`
	for name, text := range map[string][]byte{
		"many arrays":  file(names(3072+900, array), 0),
		"many entries": file(`{"__metadata__":`+names(3072, `%q:""`)+"}", 0),
		"more entries": file(`{"__metadata__":`+names(20_000, `%q:""`)+"}"+strings.Repeat(" ", 5<<20), 0),
		"a long text":  file(`{"__metadata__":{"a":"`+strings.Repeat("x", 3<<20)+`"}}`, 0),
		"escapes":      file(`{"__metadata__":{"a":"`+strings.Repeat(`\u0041`, 3<<19)+`"}}`, 0),
		"a long name":  file(fmt.Sprintf(`{"%s":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`, strings.Repeat("x", 3<<20)), 0),
		"many numbers": file(`{"a":{"dtype":"F32","shape":[2000000],"data_offsets":[0,8000000]}}      `, 8_000_000),
		"quoted keys":  file(`{"__metadata__":{"a":"`+strings.Repeat(`\"data_offsets\"`, 1<<18)+`"}}`, 0),
	} {
		var err error
		allocated := allocations(func() { err = load(text) })
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if most := bound(len(text)); allocated > most {
			t.Errorf("%s: allocated %d bytes for a file of %d, at most %d are allowed", name, allocated, len(text), most)
		}
	}
}

// A file that ends anywhere too early, or goes on, is refused.
func TestTruncated(t *testing.T) {
	text := small.write(t)
	for n := range text {
		if _, err := read(text[:n]); err == nil {
			t.Errorf("the first %d of %d bytes are read as a file", n, len(text))
		}
	}
	if _, err := read(append(text, 0)); err == nil {
		t.Error("a byte more is read as a file")
	}
}

// A header in which a bit is flipped is refused, or says something else: no flip goes
// unnoticed but those that turn one kind of space into another.
func TestFlippedBits(t *testing.T) {
	text := small.write(t)
	n := 8 + int(binary.LittleEndian.Uint64(text))
	for at := range n {
		for bit := range 8 {
			flipped := bytes.Clone(text)
			flipped[at] ^= 1 << bit
			if got, err := read(flipped); err == nil && bytes.Equal(got.write(t), text) {
				t.Errorf("bit %d of byte %d (%q) does not matter", bit, at, text[at])
			}
		}
	}
}

func FuzzSafetensors(f *testing.F) {
	for _, test := range hostile {
		f.Add(test.text)
	}
	f.Add(small.write(f))
	f.Add((&contents{}).write(f))
	f.Fuzz(func(t *testing.T, text []byte) {
		original := bytes.Clone(text)
		var err error
		allocated := allocations(func() { err = load(text) })
		if most := bound(len(text)); allocated > most {
			t.Errorf("allocated %d bytes, at most %d are allowed", allocated, most)
		}
		if !bytes.Equal(text, original) {
			t.Error("the reader has changed the file")
		}
		if err != nil {
			return
		}
		got, err := read(text)
		if err != nil {
			t.Fatal(err)
		}
		again, err := read(got.write(t))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got, again, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("what was read is written as something else (-read +written):\n%s", diff)
		}
	})
}
