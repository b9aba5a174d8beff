package datasets

import (
	"encoding/binary"
	"fmt"
	"io"
)

// unsignedByte is the only idx element type that data sets of this kind use.
const unsignedByte = 0x08

// maxElements bounds the size of one file: 1 GiB.
const maxElements = 1 << 30

// IDX is the content of an idx file of unsigned bytes (Y. LeCun's format of
// the MNIST database): an array of the given dimensions, the last running fastest.
type IDX struct {
	Dims []int
	Data []byte // product of Dims
}

// Want says what an idx file must be.
type Want struct {
	File string // name for error messages
	Rank int    // at least 1: 3 for images, 1 for labels
}

// ReadIDX reads an idx file, plain or gzip, to its end. It accepts exactly what
// WriteIDX writes: unsigned bytes, the wanted rank, dimensions of at least 1
// with a product of at most 1 GiB, and not a byte more or less than announced.
// Until all bytes have arrived it holds no more than those and 1 MiB.
// Errors are of type *FormatError.
func ReadIDX(r io.Reader, want Want) (*IDX, error) {
	in, err := newSource(r, want.File)
	if err != nil {
		return nil, err
	}
	dims, size, err := readHeader(in, want)
	if err != nil {
		return nil, err
	}
	data, err := in.bytes(size, "the data")
	if err != nil {
		return nil, err
	}
	if err := in.end(); err != nil {
		return nil, err
	}
	return &IDX{dims, data}, nil
}

// readHeader reads the magic number 0, 0, type, rank and the dimensions, and
// returns the dimensions and their product.
func readHeader(in *source, want Want) (dims []int, size int, err error) {
	magic, err := in.bytes(4, "the header")
	if err != nil {
		return nil, 0, err
	}
	bad := func(offset int64, kind error, hint, format string, args ...any) ([]int, int, error) {
		return nil, 0, &FormatError{want.File, offset, fmt.Sprintf(format, args...), hint, kind}
	}
	if magic[0] != 0 || magic[1] != 0 {
		return bad(0, ErrMagic, hintIDX, "the file starts with %02x %02x instead of 00 00", magic[0], magic[1])
	}
	if magic[2] != unsignedByte {
		return bad(2, ErrType, hintIDX, "elements are of type %s", elementType(magic[2]))
	}
	if int(magic[3]) != want.Rank || want.Rank < 1 {
		return bad(3, ErrRank, "are images and labels exchanged?", "the array has %d dimensions instead of %d", magic[3], want.Rank)
	}
	head, err := in.bytes(4*want.Rank, "the dimensions")
	if err != nil {
		return nil, 0, err
	}
	size = 1
	for i := range want.Rank {
		at, d := int64(4+4*i), int64(binary.BigEndian.Uint32(head[4*i:]))
		if d == 0 {
			return bad(at, ErrSize, "", "dimension %d is 0", i)
		}
		if d > maxElements/int64(size) { // size ≥ 1: the product never overflows
			return bad(at, ErrSize, "", "dimension %d is %d: the array would exceed %d bytes", i, d, maxElements)
		}
		dims, size = append(dims, int(d)), size*int(d)
	}
	return dims, size, nil
}

// elementType names an idx type code.
func elementType(code byte) string {
	names := map[byte]string{0x08: "unsigned byte", 0x09: "signed byte", 0x0b: "int16", 0x0c: "int32", 0x0d: "float32", 0x0e: "float64"}
	if name, ok := names[code]; ok {
		return fmt.Sprintf("0x%02x (%s)", code, name)
	}
	return fmt.Sprintf("0x%02x (unknown)", code)
}
