package datasets

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// form says which arrays are accepted: of these element types, with so many dimensions.
type form struct {
	types []byte
	ranks []int
}

// header is what the first bytes of an idx file announce.
type header struct {
	element byte // an element's type
	dims    []int
	bytes   int // of all elements
}

// elementTypes are the types of the idx format, by their code.
var elementTypes = map[byte]struct {
	name string
	size int // bytes
}{
	unsignedByte: {"unsigned byte", 1}, 0x09: {"signed byte", 1}, 0x0b: {"int16", 2}, int32s: {"int32", 4}, 0x0d: {"float32", 4}, 0x0e: {"float64", 8},
}

// The element types that data sets have.
const (
	unsignedByte = 0x08
	int32s       = 0x0c
)

// readHeader reads the magic number 0, 0, type, rank and the dimensions, which must be
// of the form wanted.
func readHeader(in *source, want form) (h header, err error) {
	magic, err := in.bytes(4, "the header")
	if err != nil {
		return header{}, err
	}
	if err := want.check(in.file, magic); err != nil {
		return header{}, err
	}
	rank := int(magic[3])
	head, err := in.bytes(4*rank, "the dimensions")
	if err != nil {
		return header{}, err
	}
	h = header{element: magic[2], bytes: elementTypes[magic[2]].size}
	for i := range rank {
		at, d := int64(4+4*i), binary.BigEndian.Uint32(head[4*i:])
		if d == 0 {
			return header{}, &FormatError{in.file, at, fmt.Sprintf("dimension %d is 0", i), "", ErrSize}
		}
		if int64(d) > maxElements/int64(h.bytes) { // bytes ≥ 1: the product never overflows
			return header{}, tooLarge(in.file, at, i, d)
		}
		h.dims, h.bytes = append(h.dims, int(d)), h.bytes*int(d)
	}
	return h, nil
}

// tooLarge is the error of a dimension with which the array would not fit.
func tooLarge(file string, at int64, i int, d uint32) error {
	hint := ""
	if swapped := bits.ReverseBytes32(d); swapped <= maxElements>>8 {
		hint = fmt.Sprintf("with its bytes reversed it is %d: the file is little-endian, and idx is big-endian", swapped)
	}
	return &FormatError{file, at, fmt.Sprintf("dimension %d is %d: the array would exceed %d bytes", i, d, maxElements), hint, ErrSize}
}

// check refuses a magic number that is not of the form.
func (f form) check(file string, magic []byte) error {
	bad := func(offset int64, kind error, hint, format string, args ...any) error {
		return &FormatError{file, offset, fmt.Sprintf(format, args...), hint, kind}
	}
	rank := int(magic[3])
	switch {
	case magic[0] != 0 || magic[1] != 0:
		hint := hintIDX
		if elementTypes[magic[1]].size > 0 && magic[2] == 0 && magic[3] == 0 {
			hint = "the magic number is little-endian, and idx is big-endian: the bytes of each number of the header are reversed"
		}
		return bad(0, ErrMagic, hint, "the file starts with %02x %02x instead of 00 00", magic[0], magic[1])
	case !slices.Contains(f.types, magic[2]):
		return bad(2, ErrType, hintIDX, "elements are of type %s", elementType(magic[2]))
	case rank < 1 || !slices.Contains(f.ranks, rank):
		return bad(3, ErrRank, rankHint(rank), "the array has %d dimensions instead of %s", rank, f.rankNames())
	}
	return nil
}

// rankHint says what arrays of another rank than the one wanted may be.
func rankHint(rank int) string {
	if rank == 2 {
		return "images are an array of images × rows × columns, labels one number for each image"
	}
	return "are images and labels exchanged?"
}

// rankNames lists the ranks of a form: 1, or 3 or 4.
func (f form) rankNames() string {
	names := make([]string, len(f.ranks))
	for i, rank := range f.ranks {
		names[i] = strconv.Itoa(rank)
	}
	return strings.Join(names, " or ")
}

// elementType names an idx type code.
func elementType(code byte) string {
	if t := elementTypes[code]; t.name != "" {
		return fmt.Sprintf("0x%02x (%s)", code, t.name)
	}
	return fmt.Sprintf("0x%02x (unknown)", code)
}
