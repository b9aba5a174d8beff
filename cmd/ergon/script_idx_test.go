package main

import (
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"

	"ergon/datasets"
)

// writeIDX writes a set of 40 + 20 images of 4×3 pixels in a folder: four labels from
// FIRST on, each one lit pixel.
func writeIDX(ts *testscript.TestScript, negated bool, args []string) {
	need(ts, negated, args, 2, "idx DIR FIRST")
	first, err := strconv.Atoi(args[1])
	ts.Check(err)
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o755))
	for part, n := range map[string]int{"train": 40, "t10k": 20} {
		images, labels := &datasets.IDX{Dims: []int{n, 4, 3}, Data: make([]byte, 12*n)}, &datasets.IDX{Dims: []int{n}, Data: make([]byte, n)}
		for i := range n {
			images.Data[12*i+i%4] = byte(200 + i)
			labels.Data[i] = byte(first + i%4)
		}
		for name, x := range map[string]*datasets.IDX{"images-idx3": images, "labels-idx1": labels} {
			f, err := os.Create(filepath.Join(dir, part+"-"+name+"-ubyte"))
			ts.Check(err)
			ts.Check(datasets.WriteIDX(f, x))
			ts.Check(f.Close())
		}
	}
}
