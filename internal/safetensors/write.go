package safetensors

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// chunk is how many bytes of numbers are converted at a time.
const chunk = 32 << 10

// Array is an array to be written.
type Array struct {
	name  string
	dtype DType
	shape []int64
	n     int
	// put appends the numbers from from to to, in bytes.
	put func(b []byte, from, to int) []byte
}

// Float32s is an array of x, in row-major order. A shape that is left out is a row.
func Float32s(name string, x []float32, shape ...int64) Array {
	return array(name, F32, len(x), shape, func(b []byte, from, to int) []byte {
		for _, v := range x[from:to] {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
		}
		return b
	})
}

// Float64s is Float32s for float64.
func Float64s(name string, x []float64, shape ...int64) Array {
	return array(name, F64, len(x), shape, func(b []byte, from, to int) []byte {
		for _, v := range x[from:to] {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
		return b
	})
}

func array(name string, t DType, n int, shape []int64, put func([]byte, int, int) []byte) Array {
	if shape == nil {
		shape = []int64{int64(n)}
	}
	return Array{name, t, shape, n, put}
}

// Write writes a file: the metadata in the order given, the arrays as other writers
// order them, F64 before F32 and each by name, so that all are aligned. Equal contents
// are equal bytes. What cannot be read again is an error, before anything is written.
func Write(w io.Writer, metadata []Entry, arrays []Array) error {
	arrays = slices.SortedFunc(slices.Values(arrays), func(a, b Array) int {
		return cmp.Or(cmp.Compare(b.dtype, a.dtype), strings.Compare(a.name, b.name))
	})
	if err := check(metadata, arrays); err != nil {
		return err
	}
	header, size := header(metadata, arrays)
	if n := int64(len(metadata) + len(arrays)); n > maxNames(size) {
		return fmt.Errorf("%d names in a file of %d bytes, and at most %d are read", n, size, maxNames(size))
	}
	if n := len(header) - prefix; n > maxHeader {
		return tooLong(n)
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	buffer := make([]byte, 0, min(chunk, size))
	for _, a := range arrays {
		for from := 0; from < a.n; {
			to := min(a.n, from+chunk/int(a.dtype))
			if _, err := w.Write(a.put(buffer, from, to)); err != nil {
				return err
			}
			from = to
		}
	}
	return nil
}

// check says what of a file could not be read again.
func check(metadata []Entry, arrays []Array) error {
	keys, names := map[string]bool{}, map[string]bool{metadataKey: true}
	n := 0
	for _, e := range metadata {
		if n += len(e.Key) + len(e.Text); n > maxHeader {
			return tooLong(n)
		}
		if keys[e.Key] || !utf8.ValidString(e.Key) || !utf8.Valid(e.Text) {
			return fmt.Errorf("%q: the key is given twice, or it or its text is not UTF-8", e.Key)
		}
		keys[e.Key] = true
	}
	for _, a := range arrays {
		if names[a.name] || !utf8.ValidString(a.name) {
			return fmt.Errorf("%q: the name is given twice, or taken, or not UTF-8", a.name)
		}
		names[a.name] = true
		if n, ok := elements(a.shape, a.dtype); !ok || n != int64(a.n) || len(a.shape) > maxRank {
			return fmt.Errorf("%q: %d numbers do not fill the shape %v, of at most %d dimensions", a.name, a.n, a.shape, maxRank)
		}
	}
	return nil
}

func tooLong(n int) error {
	return fmt.Errorf("the header has %d bytes or more, and at most %d are read", n, maxHeader)
}

// header returns what stands before the numbers, and the size of the whole.
func header(metadata []Entry, arrays []Array) (text []byte, size int64) {
	b := bytes.NewBuffer(make([]byte, prefix))
	separator := "{"
	key := func(name string) {
		b.WriteString(separator)
		quote(b, name)
		b.WriteByte(':')
		separator = ","
	}
	if len(metadata) > 0 {
		key(metadataKey)
		separator = "{"
		for _, e := range metadata {
			key(e.Key)
			quote(b, string(e.Text))
		}
		b.WriteByte('}')
	} else if len(arrays) == 0 {
		b.WriteString("{")
	}
	for _, a := range arrays {
		key(a.name)
		end := size + int64(a.n)*int64(a.dtype)
		fmt.Fprintf(b, `{"dtype":"%s","shape":[%s],"data_offsets":[%d,%d]}`, a.dtype, list(a.shape), size, end)
		size = end
	}
	b.WriteByte('}')
	for b.Len()%int(F64) != 0 {
		b.WriteByte(' ')
	}
	binary.LittleEndian.PutUint64(b.Bytes(), uint64(b.Len()-prefix))
	return b.Bytes(), size + int64(b.Len())
}

// quote writes a text as JSON, nothing escaped that need not be.
func quote(b *bytes.Buffer, text string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text)      // a buffer takes everything
	b.Truncate(b.Len() - 1) // a line end
}

func list(shape []int64) string {
	var digits []string
	for _, dim := range shape {
		digits = append(digits, strconv.FormatInt(dim, 10))
	}
	return strings.Join(digits, ",")
}
