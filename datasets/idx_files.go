package datasets

import (
	"fmt"
	"slices"
)

// The files of an idx set, in this order everywhere; each may end in .gz.
var idxNames = []string{
	"train-images-idx3-ubyte",
	"train-labels-idx1-ubyte",
	"t10k-images-idx3-ubyte",
	"t10k-labels-idx1-ubyte",
}

// idxRank returns the rank of the file idxNames[i]: images 3, labels 1.
func idxRank(i int) int { return 3 - 2*(i%2) }

// idxOrigin finds the idx files of a folder. classes is the number of classes;
// 0 takes the largest label + 1.
func idxOrigin(f folder, classes int) (origin, error) {
	names := make([]string, len(idxNames))
	for i, name := range idxNames {
		var err error
		if names[i], err = f.find(name, true); err != nil {
			return origin{}, err
		}
	}
	state, err := f.state(names)
	if err != nil {
		return origin{}, err
	}
	id := fmt.Sprintf("idx, %d classes, %s", classes, state)
	return origin{id, func() (*corpus, error) { return readIDXFiles(f, names, classes) }}, nil
}

// readIDXFiles reads the files called names, in the order of idxNames.
func readIDXFiles(f folder, names []string, classes int) (*corpus, error) {
	var x [4]*IDX
	for i, name := range names {
		var err error
		if x[i], err = readIDXFile(f, name, idxRank(i)); err != nil {
			return nil, err
		}
	}
	for i := 0; i < 4; i += 2 {
		if n, m := x[i].Dims[0], x[i+1].Dims[0]; n != m {
			return nil, &FormatError{f.path(names[i+1]), 4, fmt.Sprintf("%d labels for the %d images of %s", m, n, names[i]), "", ErrMismatch}
		}
	}
	shape := x[0].Dims[1:]
	if !slices.Equal(shape, x[2].Dims[1:]) {
		return nil, &FormatError{f.path(names[2]), 8, fmt.Sprintf("images of %v pixels, those of %s have %v", x[2].Dims[1:], names[0], shape), "", ErrMismatch}
	}
	if classes == 0 {
		classes = 1 + int(max(slices.Max(x[1].Data), slices.Max(x[3].Data)))
	}
	for _, i := range []int{1, 3} {
		if err := checkLabels(x[i].Data, classes, f.path(names[i]), 8, 1); err != nil {
			return nil, err
		}
	}
	return &corpus{pictures{x[0].Data, x[1].Data}, pictures{x[2].Data, x[3].Data}, shape, classes}, nil
}

func readIDXFile(f folder, name string, rank int) (*IDX, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.name, err)
	}
	defer file.Close()
	return ReadIDX(file, Want{f.path(name), rank})
}
