package datasets

import (
	"encoding/binary"
	"fmt"
)

// labelForm are the arrays that labels may be: whole numbers, one for each image, or the
// table of eight numbers for each image that QMNIST has, of which the first is the label.
var labelForm = form{[]byte{unsignedByte, 0x09, 0x0b, int32s}, []int{1, 2}}

// qmnistColumns are the numbers that QMNIST gives for each image: label, series, writer,
// and five more (Yadav & Bottou, NeurIPS 2019, arXiv 1905.10498).
const qmnistColumns = 8

// labelFile are the labels of a file as they stand there.
type labelFile struct {
	path          string
	values        []int32
	start, stride int64 // bytes: of the first label, and from one to the next
}

// readLabels reads labels to the end of the file.
func readLabels(in *source) (*labelFile, error) {
	h, err := readHeader(in, labelForm)
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
	size, columns := elementTypes[h.element].size, 1
	if len(h.dims) == 2 {
		columns = h.dims[1]
		if err := checkColumns(in.file, h, data); err != nil {
			return nil, err
		}
	}
	l := &labelFile{in.file, make([]int32, h.dims[0]), int64(4 + 4*len(h.dims)), int64(size * columns)}
	for i := range l.values {
		l.values[i] = number(h.element, data[i*size*columns:])
	}
	return l, nil
}

// checkColumns refuses tables of several numbers for each image that are not QMNIST's.
func checkColumns(file string, h header, data []byte) error {
	columns := h.dims[1]
	if columns == 1 || h.element == int32s && columns == qmnistColumns {
		return nil
	}
	hint := "labels are one whole number for each image"
	if oneHot(h, data) {
		hint = "they are one-hot rows; write the place of the 1 of each row, one number for each image"
	}
	return &FormatError{file, 8, fmt.Sprintf("%d numbers for each of %d labels", columns, h.dims[0]), hint, ErrRank}
}

// oneHot says whether each row of a table is a single 1 among zeros.
func oneHot(h header, data []byte) bool {
	size := elementTypes[h.element].size
	for i := range h.dims[0] {
		ones := 0
		for j := range h.dims[1] {
			switch number(h.element, data[(i*h.dims[1]+j)*size:]) {
			case 0:
			case 1:
				ones++
			default:
				return false
			}
		}
		if ones != 1 {
			return false
		}
	}
	return true
}

// number is the first element of an array of whole numbers.
func number(element byte, data []byte) int32 {
	switch element {
	case 0x09:
		return int32(int8(data[0]))
	case 0x0b:
		return int32(int16(binary.BigEndian.Uint16(data)))
	case int32s:
		return int32(binary.BigEndian.Uint32(data))
	}
	return int32(data[0])
}

// at returns the byte of the file where label i begins.
func (f *labelFile) at(i int) int64 { return f.start + int64(i)*f.stride }
