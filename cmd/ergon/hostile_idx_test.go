//go:build linux

package main

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"path/filepath"
	"testing"
)

const (
	readIDX    = "train data=idx data.dir=d train.max_steps=1 energy.meter=none out.dir=run -q"
	trainImage = "train-images-idx3-ubyte"
	trainLabel = "train-labels-idx1-ubyte"
	testImage  = "t10k-images-idx3-ubyte"
	testLabel  = "t10k-labels-idx1-ubyte"
)

// array is an idx file of unsigned bytes.
func array(data []byte, dims ...uint32) []byte {
	text := []byte{0, 0, 8, byte(len(dims))}
	for _, d := range dims {
		text = binary.BigEndian.AppendUint32(text, d)
	}
	return append(text, data...)
}

// good are the files of a set of 4 + 2 images of 3×2 pixels.
func good(t *testing.T, dir string) {
	for name, text := range map[string][]byte{
		trainImage: array(make([]byte, 24), 4, 3, 2), trainLabel: array([]byte{0, 1, 0, 1}, 4),
		testImage: array(make([]byte, 12), 2, 3, 2), testLabel: array([]byte{0, 1}, 2),
	} {
		write(t, text, dir, "d", name)
	}
}

// zipped is a gzip file.
func zipped(text []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(text)
	_ = w.Close()
	return b.Bytes()
}

// bomb is 10 MB of gzip that are 10 GiB of zeros behind a head. Deflated blocks that end at
// a byte can be repeated, so that making it is cheap.
func bomb(head []byte) []byte {
	deflate := func(text []byte) []byte {
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, flate.BestCompression)
		_, _ = w.Write(text)
		_ = w.Flush()
		return b.Bytes()
	}
	text := append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}, deflate(head)...)
	return append(text, bytes.Repeat(deflate(make([]byte, 1<<20)), 10<<10)...)
}

// hostileIDX are data sets.
func hostileIDX() (all []hostile) {
	images := array(make([]byte, 24), 4, 3, 2)
	packed := zipped(images)
	add := func(input, file string, text []byte) {
		all = append(all, hostile{"idx: " + input, func(t *testing.T, dir string) {
			good(t, dir)
			write(t, text, dir, "d", file)
		}, readIDX})
	}
	changed := func(text []byte, at int, to ...byte) []byte {
		text = bytes.Clone(text)
		copy(text[at:], to)
		return text
	}
	add("nothing", trainImage, nil)
	add("3 bytes", trainImage, images[:3])
	add("half of the dimensions", trainImage, images[:9])
	add("a byte is missing", trainImage, images[:len(images)-1])
	add("a byte more", trainImage, append(bytes.Clone(images), 0))
	add("a zip file", trainImage, changed(images, 0, 'P', 'K', 3, 4))
	add("elements of float32", trainImage, changed(images, 2, 0x0d))
	add("elements of no type", trainImage, changed(images, 2, 0xff))
	add("no dimensions", trainImage, changed(images, 3, 0))
	add("255 dimensions", trainImage, changed(images, 3, 255))
	add("no images", trainImage, array(nil, 0, 3, 2))
	add("2^31 images", trainImage, array(nil, 1<<31, 3, 2))
	add("2^32-1 images", trainImage, array(nil, 1<<32-1, 3, 2))
	add("2^63 pixels, 0 in 32 bits", trainImage, array(nil, 1<<31, 1<<16, 1<<16))
	add("1 GiB announced, 24 bytes there", trainImage, array(make([]byte, 24), 1<<10, 1<<10, 1<<10))
	add("little-endian", trainImage, []byte{3, 8, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0})
	add("more labels than images", trainLabel, array(make([]byte, 5), 5))
	add("fewer labels than images", trainLabel, array(make([]byte, 3), 3))
	add("test images of another size", testImage, array(make([]byte, 12), 2, 2, 3))
	add("labels are images", trainLabel, images)
	add("labels are one-hot rows", trainLabel, array([]byte{1, 0, 0, 1, 1, 0, 0, 1}, 4, 2))
	add("labels below 0", trainLabel, []byte{0, 0, 9, 1, 0, 0, 0, 4, 255, 0, 1, 0})
	add("labels of 2^31-1", trainLabel, append([]byte{0, 0, 12, 1, 0, 0, 0, 4}, bytes.Repeat([]byte{127, 255, 255, 255}, 4)...))
	for _, file := range []struct {
		input string
		text  []byte
	}{
		{"10 GiB in 10 MB behind the images", bomb(images)},
		{"10 GiB in 10 MB, announced as 24 MiB of images", bomb(array(nil, 24, 1<<10, 1<<10))},
		{"10 GiB in 10 MB of zeros alone", bomb(nil)},
		{"gzip in gzip", zipped(packed)},
		{"two members", append(bytes.Clone(packed), packed...)},
		{"bytes behind the end", append(bytes.Clone(packed), 'x')},
		{"a byte of the checksum is missing", packed[:len(packed)-5]},
		{"a byte of the length is missing", packed[:len(packed)-1]},
		{"another checksum", changed(packed, len(packed)-8, ^packed[len(packed)-8])},
		{"another length", changed(packed, len(packed)-4, ^packed[len(packed)-4])},
		{"half of the data", packed[:len(packed)/2]},
		{"a name without an end", append([]byte{0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 255}, bytes.Repeat([]byte{'a'}, 1<<20)...)},
		{"a method that gzip does not have", changed(packed, 2, 7)},
	} {
		all = append(all, hostile{"gzip: " + file.input, func(t *testing.T, dir string) {
			good(t, dir)
			write(t, file.text, dir, "d", testImage+".gz")
			write(t, file.text, dir, "d", trainImage) // it is told by its content
		}, readIDX})
	}
	return append(all, inPlace("idx", readIDX, func(t *testing.T, dir string) string {
		good(t, dir)
		return filepath.Join(dir, "d", trainImage)
	})...)
}
