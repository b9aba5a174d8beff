package safetensors

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Tensor is an array of a file.
type Tensor struct {
	Name  string
	DType DType
	Shape []int64
	begin int64 // of its numbers, bytes from the beginning of the file
	n     int64 // of them
}

// File is a file whose header has been read and checked against its size: all arrays
// are there, one after the other, and nothing else is.
type File struct {
	Metadata []Entry  // in the file's order
	Tensors  []Tensor // in the order of their numbers
	from     io.ReaderAt
	buffer   []byte
}

// New reads the header of a file of a size in bytes. Names and texts share memory. An
// error that is not the reader's is an *Error.
func New(from io.ReaderAt, size int64) (*File, error) {
	header, err := readHeader(from, size)
	if err != nil {
		return nil, err
	}
	p := parser{
		scanner: scanner{text: header}, size: size, end: prefix + int64(len(header)),
		file: &File{from: from},
	}
	p.makeRoom()
	if p.header(); p.err != nil {
		return nil, p.err
	}
	return p.file, nil
}

// Float32s reads the numbers of an array of F32. A file is read by one goroutine at a time.
func (f *File) Float32s(t Tensor) ([]float32, error) {
	if err := f.has(t, F32); err != nil {
		return nil, err
	}
	x := make([]float32, 0, t.n)
	err := f.chunks(t, func(b []byte) {
		for ; len(b) > 0; b = b[4:] {
			x = append(x, math.Float32frombits(binary.LittleEndian.Uint32(b)))
		}
	})
	return x, err
}

// Float64s is Float32s of an array of F64.
func (f *File) Float64s(t Tensor) ([]float64, error) {
	if err := f.has(t, F64); err != nil {
		return nil, err
	}
	x := make([]float64, 0, t.n)
	err := f.chunks(t, func(b []byte) {
		for ; len(b) > 0; b = b[8:] {
			x = append(x, math.Float64frombits(binary.LittleEndian.Uint64(b)))
		}
	})
	return x, err
}

func (f *File) has(t Tensor, want DType) error {
	if t.DType != want {
		return &Error{Byte: t.begin, Name: t.Name, Problem: fmt.Sprintf("has numbers of type %s, and %s are wanted", t.DType, want)}
	}
	return nil
}

// chunks hands out the bytes of an array, a whole number of numbers at a time.
func (f *File) chunks(t Tensor, each func([]byte)) error {
	if f.buffer == nil {
		f.buffer = make([]byte, chunk)
	}
	for begin, end := t.begin, t.begin+t.n*int64(t.DType); begin < end; {
		b := f.buffer[:min(chunk, end-begin)]
		if _, err := io.ReadFull(io.NewSectionReader(f.from, begin, int64(len(b))), b); err != nil {
			return fmt.Errorf("byte %d, %q: %w", begin, t.Name, err)
		}
		each(b)
		begin += int64(len(b))
	}
	return nil
}
