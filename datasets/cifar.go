package datasets

import (
	"fmt"
	"io"
)

// The CIFAR-10 binary format: records of one label byte and the red, green and
// blue planes of a 32×32 image, row by row, without a header
// (A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009).
const (
	cifarPixels  = 3 * 32 * 32
	cifarRecord  = 1 + cifarPixels
	cifarClasses = 10
	cifarBatch   = 10000 // records of each published file
)

// ReadCIFAR10 reads a CIFAR-10 binary file of exactly the given number of
// records to its end and returns its classes [records] and images
// [records, 3, 32, 32]. file names it in errors, which are of type *FormatError.
func ReadCIFAR10(r io.Reader, file string, records int) (labels []uint8, pixels []byte, err error) {
	if records < 1 || records > maxElements/cifarRecord {
		return nil, nil, &FormatError{file, 0, fmt.Sprintf("%d records wanted", records), "", ErrSize}
	}
	return readCIFAR(&source{file: file, raw: newBuffer(r)}, records) // plain: 1f 8b … would be the label 31
}

func readCIFAR(in *source, records int) (labels []uint8, pixels []byte, err error) {
	content, err := in.bytes(records*cifarRecord, fmt.Sprintf("%d records of %d bytes", records, cifarRecord))
	if err != nil {
		return nil, nil, err
	}
	if err := in.end(); err != nil {
		return nil, nil, err
	}
	labels, pixels = make([]uint8, records), content[:0]
	for i := range records {
		record := content[i*cifarRecord:][:cifarRecord]
		labels[i] = record[0]
		pixels = append(pixels, record[1:]...) // moves towards the front: no copy of the whole
	}
	for i, label := range labels {
		if label >= cifarClasses {
			return nil, nil, &FormatError{in.file, int64(i) * cifarRecord, fmt.Sprintf("label %d of example %d", label, i), fmt.Sprintf("classes are 0 to %d", cifarClasses-1), ErrLabel}
		}
	}
	return labels, pixels, nil
}
