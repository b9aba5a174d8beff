package datasets

import (
	"encoding/binary"
	"fmt"
	"io"
)

// WriteIDX writes x as a plain idx file. It refuses what ReadIDX would refuse,
// so whatever it has written can be read back to the same dimensions and bytes.
func WriteIDX(w io.Writer, x *IDX) error {
	if len(x.Dims) < 1 || len(x.Dims) > 255 {
		return fmt.Errorf("idx: %d dimensions, want 1 to 255", len(x.Dims))
	}
	head, size := []byte{0, 0, unsignedByte, byte(len(x.Dims))}, 1
	for i, d := range x.Dims {
		if d < 1 || d > maxElements/size {
			return fmt.Errorf("idx: dimension %d is %d: each must be at least 1 and their product at most %d", i, d, maxElements)
		}
		head, size = binary.BigEndian.AppendUint32(head, uint32(d)), size*d
	}
	if len(x.Data) != size {
		return fmt.Errorf("idx: %d bytes of data for dimensions %v, want %d", len(x.Data), x.Dims, size)
	}
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(x.Data)
	return err
}
