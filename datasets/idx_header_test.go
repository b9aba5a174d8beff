package datasets

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// Files of another make than idx's say what they are.
func TestHintsOfIDXFiles(t *testing.T) {
	little := idxBytes(nil, nil)
	little[3] = 3
	for _, d := range []uint32{400, 8, 8} {
		little = binary.LittleEndian.AppendUint32(little, d)
	}
	for want, images := range map[string][]byte{
		"dimension 0 is 2415984640: the array would exceed 1073741824 bytes (with its bytes reversed it is 400: the file is little-endian": append(little, make([]byte, 400*64)...),
		"starts with 03 08 instead of 00 00 (the magic number is little-endian":                                                            append([]byte{3, 8, 0, 0}, little[4:]...),
		"images of 28×28×3 (planes come before rows and columns":                                                                           idxBytes([]uint32{5, 28, 28, 3}, make([]byte, 5*28*28*3)),
		"the array has 2 dimensions instead of 3 or 4 (images are an array of images × rows × columns":                                     idxBytes([]uint32{5, 6}, make([]byte, 30)),
		"the array has 1 dimensions instead of 3 or 4 (are images and labels exchanged?)":                                                  tinySet()[idxNames[1]],
	} {
		files := tinySet()
		files[idxNames[0]] = images
		if _, err := idxSpec(inFolder(t, files)).Load(0); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v\nwant %s", err, want)
		}
	}
}

// Images of several planes are read as they lie there.
func TestIDXPlanes(t *testing.T) {
	files := tinySet()
	files[idxNames[0]] = idxBytes([]uint32{5, 3, 2, 3}, make([]byte, 90))
	files[idxNames[2]] = idxBytes([]uint32{3, 3, 2, 3}, make([]byte, 54))
	d, err := idxSpec(inFolder(t, files)).Load(0)
	if err != nil || !slices.Equal(d.Shape, []int{3, 2, 3}) || d.Train.Inputs() != 18 || d.String() != "5 + 3 images of 3×2×3, classes 0–3" {
		t.Errorf("%v, %v", d, err)
	}
}
