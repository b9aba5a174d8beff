// Package npz writes, and reads again, archives of arrays as numpy.savez does, byte for byte in
// what readers of the format in other languages rely on. Some of them know no
// more of the format than what numpy writes: names that end in .npy, sizes in
// front of the data and not behind them, nothing compressed, a header of
// version 1.0.
package npz

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"strconv"
	"strings"
)

// Writer writes an archive of arrays, each stored as it is.
type Writer struct {
	archive *zip.Writer
	names   map[string]bool
}

// NewWriter returns the writer of an archive, which is complete after Close.
func NewWriter(w io.Writer) *Writer {
	return &Writer{archive: zip.NewWriter(w), names: map[string]bool{}}
}

// Write adds an array of float64, in row-major order, under the name by which
// numpy.load finds it. A name that is there already is an error: readers would
// find one of the two.
func (w *Writer) Write(name string, data []float64, shape ...int) error {
	if w.names[name] {
		return fmt.Errorf("npz: two arrays are called %q", name)
	}
	w.names[name] = true
	array, err := encode(data, shape)
	if err != nil {
		return fmt.Errorf("npz: %s: %w", name, err)
	}
	// A raw entry has its sizes in the local header, where readers that go from
	// entry to entry need them; others have them in a descriptor behind the data.
	entry, err := w.archive.CreateRaw(&zip.FileHeader{
		Name: name + ".npy", Method: zip.Store, CreatorVersion: zipVersion, ReaderVersion: zipVersion,
		CRC32: crc32.ChecksumIEEE(array), CompressedSize64: uint64(len(array)), UncompressedSize64: uint64(len(array)),
		ModifiedDate: firstOfDOS, //nolint:staticcheck // Modified is not written to raw entries.
	})
	if err != nil {
		return err
	}
	_, err = entry.Write(array)
	return err
}

// Close completes the archive. It does not close the writer below.
func (w *Writer) Close() error { return w.archive.Close() }

const (
	// zipVersion is the version of the zip format that stored files need: 2.0.
	zipVersion = 20
	// firstOfDOS is 1 January 1980 as a DOS date, the earliest there is and
	// numpy's: the same arrays are the same bytes whenever they are written.
	firstOfDOS = 1<<5 | 1
)

// encode returns an array in the .npy format.
func encode(data []float64, shape []int) ([]byte, error) {
	size := 1
	for _, n := range shape {
		size *= n
	}
	if size != len(data) {
		return nil, fmt.Errorf("%d numbers do not fill the shape %s", len(data), tuple(shape))
	}
	head := header(shape)
	array := make([]byte, 0, len(head)+8*len(data))
	array = append(array, head...)
	for _, x := range data {
		array = binary.LittleEndian.AppendUint64(array, math.Float64bits(x))
	}
	return array, nil
}

const (
	magic     = "\x93NUMPY\x01\x00" // with the version, 1.0
	alignment = 64                  // of the data, bytes from the beginning of the array
	growth    = 21                  // digits for which numpy leaves room, in case the first dimension grows
)

// header returns what stands before the data.
func header(shape []int) []byte {
	text := fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': %s, }", tuple(shape))
	if len(shape) > 0 {
		text += spaces(growth - len(fmt.Sprint(shape[0])))
	}
	before := len(magic) + 2
	text += spaces(alignment-(before+len(text)+1)%alignment) + "\n"
	head := append(make([]byte, 0, before+len(text)), magic...)
	return append(binary.LittleEndian.AppendUint16(head, uint16(len(text))), text...)
}

func spaces(n int) string { return strings.Repeat(" ", n) }

// tuple writes a shape as Python does: (3, 2), (3,) and ().
func tuple(shape []int) string {
	var digits []string
	for _, n := range shape {
		digits = append(digits, strconv.Itoa(n))
	}
	if len(digits) == 1 {
		return "(" + digits[0] + ",)"
	}
	return "(" + strings.Join(digits, ", ") + ")"
}
