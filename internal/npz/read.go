package npz

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Array is an array of an archive.
type Array struct {
	Data  []float64 // in row-major order
	Shape []int
}

// Read returns the arrays of an archive such as Writer writes, by name. Any other one is an
// error, though numpy may read it. Memory is some four times the text.
func Read(text []byte) (map[string]Array, error) {
	archive, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return nil, fmt.Errorf("npz: %w", err)
	}
	arrays, total := map[string]Array{}, uint64(0)
	for _, f := range archive.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if _, twice := arrays[name]; twice || !ok {
			return nil, fmt.Errorf("npz: %q is not the name of an array, or that of two", f.Name)
		}
		// Entries may claim the same bytes, but not more of them than there are.
		if total += f.UncompressedSize64; total > uint64(len(text)) || f.UncompressedSize64 > uint64(len(text)) {
			return nil, fmt.Errorf("npz: %s: there are fewer bytes than the archive says", name)
		}
		if arrays[name], err = readArray(f); err != nil {
			return nil, fmt.Errorf("npz: %s: %w", name, err)
		}
	}
	return arrays, nil
}

// readArray reads an entry to its end, where its checksum is compared.
func readArray(f *zip.File) (Array, error) {
	if f.Method != zip.Store {
		return Array{}, errors.New("the array is compressed, which Ergon does not write")
	}
	r, err := f.Open()
	if err != nil {
		return Array{}, err
	}
	text, err := io.ReadAll(r)
	if err = errors.Join(err, r.Close()); err != nil {
		return Array{}, err
	}
	return decode(text)
}

// decode is the inverse of encode.
func decode(text []byte) (a Array, err error) {
	before := len(magic) + 2
	if len(text) < before {
		return a, errors.New("the array has no header")
	}
	end := before + int(binary.LittleEndian.Uint16(text[len(magic):]))
	if end > len(text) {
		return a, errors.New("the header is cut off")
	}
	if a.Shape, err = shapeIn(string(text[before:end])); err != nil {
		return a, err
	}
	if !bytes.Equal(text[:end], header(a.Shape)) {
		return a, fmt.Errorf("the header is %q, want an array of float64 in row-major order as Ergon writes it", text[before:end])
	}
	data := text[end:]
	if !fills(a.Shape, len(data)) {
		return a, fmt.Errorf("%d bytes do not fill the shape %s", len(data), tuple(a.Shape))
	}
	a.Data = make([]float64, len(data)/8)
	for i := range a.Data {
		a.Data[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
	}
	return a, nil
}

// shapeIn finds the shape in the text of a header.
func shapeIn(header string) ([]int, error) {
	_, rest, found := strings.Cut(header, "'shape': (")
	inner, _, closed := strings.Cut(rest, ")")
	if !found || !closed {
		return nil, fmt.Errorf("the header %q has no shape", header)
	}
	var shape []int
	for digits := range strings.SplitSeq(inner, ",") {
		digits = strings.TrimSpace(digits)
		if digits == "" {
			continue
		}
		n, err := strconv.Atoi(digits)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is not a size", digits)
		}
		shape = append(shape, n)
	}
	return shape, nil
}

// fills says whether so many bytes are the numbers of a shape.
func fills(shape []int, size int) bool {
	n := 8
	for _, k := range shape {
		if k > 0 && n > size/k { // before it can overflow
			return false
		}
		n *= k
	}
	return n == size
}
