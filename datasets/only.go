package datasets

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"ergon/internal/schema"
)

// choices shares the images of chosen labels as corpora shares all images.
var choices shared[string, corpus]

// labels returns the labels that the setting only names: ascending, each once, so that a
// choice has one text. None are named where all are in use.
func (s Images) labels() ([]int, error) {
	if s.Only == "" {
		return nil, nil
	}
	words := strings.Split(s.Only, ",")
	labels := make([]int, len(words))
	for i, word := range words {
		label, err := strconv.Atoi(word)
		switch {
		case err != nil || strconv.Itoa(label) != word:
			return nil, schema.Fieldf("only", "%q is no label: want whole numbers divided by commas and without blanks, such as 0,1", word)
		case i > 0 && label <= labels[i-1]:
			return nil, schema.Fieldf("only", "label %d after %d: want each label once, in ascending order", label, labels[i-1])
		}
		labels[i] = label
	}
	return labels, nil
}

// chosen returns the corpus of the labels that images ask for: c itself, if all.
func (c *corpus) chosen(id string, images Images) (*corpus, error) {
	labels, err := images.labels()
	if err != nil || labels == nil {
		return c, err
	}
	return choices.get(id+", only "+images.Only, func() (*corpus, error) { return c.only(labels) })
}

// only returns the images of some labels, which become classes 0, 1, … in their order, so
// that there is no output for what never occurs.
func (c *corpus) only(labels []int) (*corpus, error) {
	class := make([]int, c.classes) // by class of c; -1: not in use
	for k := range class {
		class[k] = -1
	}
	for i, label := range labels {
		k := c.classOf(label)
		if k < 0 || bytes.IndexByte(c.train.labels, byte(k)) < 0 {
			return nil, schema.Fieldf("only", "no training image has label %d; labels are from %d to %d", label, c.first, c.last)
		}
		class[k] = i
	}
	inputs := product(c.shape)
	test := c.test.of(class, inputs)
	if len(test.labels) == 0 {
		return nil, schema.Fieldf("only", "no test image has one of these labels")
	}
	return &corpus{
		train: c.train.of(class, inputs), test: test, shape: c.shape,
		classes: len(labels), first: labels[0], last: labels[len(labels)-1],
		content: c.content, standard: c.standard,
	}, nil
}

// classOf returns the class of a label of the files, or -1.
func (c *corpus) classOf(label int) int {
	switch {
	case c.renumbered != nil:
		return slices.Index(c.renumbered, label)
	case label < c.classes:
		return label
	}
	return -1
}

// of returns the pictures of the classes that have a number in class, in their order, with
// that number for a class.
func (p pictures) of(class []int, inputs int) pictures {
	var at []int
	for i, k := range p.labels {
		if class[k] >= 0 {
			at = append(at, i)
		}
	}
	some := pictures{make([]byte, 0, len(at)*inputs), make([]uint8, len(at))}
	for k, i := range at {
		some.pixels = append(some.pixels, p.pixels[i*inputs:][:inputs]...)
		some.labels[k] = uint8(class[p.labels[i]])
	}
	return some
}
