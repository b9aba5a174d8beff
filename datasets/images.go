package datasets

import (
	"ergon/internal/schema"
)

// Images are the settings that all sets of images have.
type Images struct {
	Dir   string `key:"dir" text:"path" doc:"folder of the files; empty: the set's usual place"`
	Train int    `key:"train" doc:"training examples, the first of the files; 0: all" in:"[0,inf)"`
	Split
	Test      int    `key:"test" doc:"test examples, the first of the files; 0: all" in:"[0,inf)"`
	Only      string `key:"only" text:"name" doc:"labels of the images in use, ascending, such as \"0,1\"; each has an output, in their order, and the numbers of examples are of these images; empty: all" identity:"nonzero"`
	Transform string `key:"transform" doc:"from pixels to inputs: x/255; zero mean and unit variance over all pixels of the training images in use (mnist: by its published 0.1307 and 0.3081); 0 or 1, as x/255 is below 1/2 or not; or a paper's own (li2020: targets are 0.01 and 0.99, too)" oneof:"unit|standard|binary|vanrossum2024|li2020"`
}

// Validate wants labels in order, and something to learn from as far as the number of
// examples is known.
func (s Images) Validate() error {
	if _, err := s.labels(); err != nil {
		return err
	}
	if s.Train == 0 {
		return nil // as many as the files have
	}
	_, err := s.remaining(s.Train)
	return err
}

// corpus is the raw content of a set of images.
type corpus struct {
	train, test pictures
	shape       []int // of one image
	classes     int
	first, last int    // least and largest label of the files
	renumbered  []int  // their label of each class; nil: it is the class
	remark      string // what is odd about the labels; "": nothing
	content     Content
	standard    *standard // the published mean and deviation; nil: to be computed
}

// pictures are the images of a training or test set, with their classes.
type pictures struct {
	pixels []byte  // [n, product of the shape]
	labels []uint8 // [n]
}

// corpora shares the raw bytes between specs that differ in their transform,
// seed or number of examples.
var corpora shared[string, corpus]

// origin is where a corpus is read from.
type origin struct {
	id     string // changes when the files change
	read   func() (*corpus, error)
	pinned *Content // what read will find, where that is known; nil: it is not
}

// loadFiles returns the data that spec, whose settings are images, asks for.
func loadFiles[S interface {
	Spec
	filed
}](spec S, images Images, seed uint64) (*Data, error) {
	o, err := spec.origin()
	if err != nil {
		return nil, err
	}
	return load(dataKey{spec, o.id, seed}, func() (*Data, error) {
		c, err := corpora.get(o.id, o.read)
		if err != nil {
			return nil, err
		}
		if c, err = c.chosen(o.id, images); err != nil {
			return nil, err
		}
		return c.data(images, seed)
	})
}

// data cuts the corpus to the wanted size and transforms it.
func (c *corpus) data(images Images, seed uint64) (*Data, error) {
	t, ok := transforms[images.Transform]
	if !ok {
		return nil, schema.Fieldf("transform", "unknown transform %q (transforms: %v)", images.Transform, Transforms())
	}
	inputs := product(c.shape)
	train, err := c.train.first("train", images.Train, inputs)
	if err != nil {
		return nil, err
	}
	test, err := c.test.first("test", images.Test, inputs)
	if err != nil {
		return nil, err
	}
	learned, err := images.remaining(len(train.labels))
	if err != nil {
		return nil, err
	}
	train, held := train.cut(learned, inputs)
	prepare, err := t.after(train.pixels, inputs, seed, c.standard)
	if err != nil {
		return nil, err
	}
	set := func(name string, p pictures) *Set {
		return &Set{n: len(p.labels), inputs: inputs, outputs: c.classes, rows: prepare(name, p.pixels), labels: p.labels, margin: t.margin}
	}
	data := &Data{
		Train: set("train", train), Test: set("test", test), Shape: c.shape, Classes: c.classes,
		Content: c.content, FirstLabel: c.first, LastLabel: c.last, Remark: c.remark, images: true, corpus: c,
	}
	if images.Validation > 0 {
		data.Validation = set("validation", held)
	}
	return data, nil
}

// first returns the first n pictures, all for 0. key names the setting.
func (p pictures) first(key string, n, inputs int) (pictures, error) {
	switch {
	case n < 0 || n > len(p.labels):
		return p, schema.Fieldf(key, "%d examples wanted, but there are %d (0 takes all)", n, len(p.labels))
	case n == 0:
		return p, nil
	}
	p, _ = p.cut(n, inputs)
	return p, nil
}

// cut returns the first n pictures and the others.
func (p pictures) cut(n, inputs int) (first, others pictures) {
	return pictures{p.pixels[:n*inputs], p.labels[:n]}, pictures{p.pixels[n*inputs:], p.labels[n:]}
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
