package datasets

import "io"

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
	return readIDX(in, form{[]byte{unsignedByte}, []int{want.Rank}})
}

// readIDX reads an array of one of the forms.
func readIDX(in *source, f form) (*IDX, error) {
	h, err := readHeader(in, f)
	if err != nil {
		return nil, err
	}
	data, err := in.bytes(h.bytes, "the data")
	if err != nil {
		return nil, err
	}
	if err := in.end(); err != nil {
		return nil, err
	}
	return &IDX{h.dims, data}, nil
}
