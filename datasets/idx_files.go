package datasets

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
)

// idxReader reads the four files of an idx set.
type idxReader struct {
	folder
	names []string // in the order of idxNames
	classing
	sizes    []int64                   // of the published files' contents; nil: they are not known
	standard *standard                 // where it is published
	confirm  func([]FileContent) error // refuses files that are not the published ones; nil: any will do
}

// origin identifies the files as they are.
func (r idxReader) origin() (origin, error) {
	state, err := r.state(r.names)
	if err != nil {
		return origin{}, err
	}
	id := fmt.Sprintf("idx, %+v, %s", r.classing, state)
	return origin{id: id, read: r.read}, nil
}

// read reads the files, all at the same time, and puts them together.
func (r idxReader) read() (*corpus, error) {
	images, labels := make([]*IDX, 2), make([]*labelFile, 2)
	contents, errs := make([]FileContent, len(r.names)), make([]error, len(r.names))
	var reading sync.WaitGroup
	for i, name := range r.names {
		reading.Go(func() {
			contents[i], errs[i] = r.readFile(name, true, func(in *source) (err error) {
				if r.sizes != nil {
					in.sure = r.sizes[i]
				}
				if i%2 == 0 {
					images[i/2], err = readImages(in)
				} else {
					labels[i/2], err = readLabels(in)
				}
				return err
			})
		})
	}
	reading.Wait()
	if err := cmp.Or(errs...); err != nil { // of the first file that has one
		return nil, err
	}
	if r.confirm != nil {
		if err := r.confirm(contents); err != nil {
			return nil, err
		}
	}
	if err := r.match(images, labels); err != nil {
		return nil, err
	}
	l, err := r.apply(labels[0], labels[1])
	if err != nil {
		return nil, err
	}
	return &corpus{
		train: pictures{images[0].Data, l.train}, test: pictures{images[1].Data, l.test},
		shape: images[0].Dims[1:], classes: l.classes, first: l.first, last: l.last, renumbered: l.renumbered, remark: l.remark,
		standard: r.standard,
		content:  newContent(absolute(r.name), contents),
	}, nil
}

// match checks that images and labels belong together.
func (r idxReader) match(images []*IDX, labels []*labelFile) error {
	for i := range images {
		if n, m := images[i].Dims[0], len(labels[i].values); n != m {
			return &FormatError{r.path(r.names[2*i+1]), 4, fmt.Sprintf("%d labels for the %d images of %s", m, n, r.names[2*i]), "", ErrMismatch}
		}
	}
	shape, other := images[0].Dims[1:], images[1].Dims[1:]
	if !slices.Equal(shape, other) {
		return &FormatError{r.path(r.names[2]), 8, fmt.Sprintf("images of %v pixels, those of %s have %v", other, r.names[0], shape), "", ErrMismatch}
	}
	return nil
}

// readImages reads images of rows × columns, or of planes × rows × columns.
func readImages(in *source) (*IDX, error) {
	x, err := readIDX(in, form{[]byte{unsignedByte}, []int{3, 4}})
	if err != nil {
		return nil, err
	}
	const planes = 4 // red, green, blue and alpha
	if d := x.Dims; len(d) == 4 && d[3] <= planes && d[1] > planes {
		return nil, &FormatError{in.file, 4, fmt.Sprintf("images of %d×%d×%d", d[1], d[2], d[3]),
			"planes come before rows and columns: an array of images × planes × rows × columns", ErrRank}
	}
	return x, nil
}
