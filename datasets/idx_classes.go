package datasets

import (
	"fmt"
	"maps"
	"slices"
)

// maxClasses is the most classes that a set can have: a class is a byte.
const maxClasses = 256

// classing says how labels of files become classes.
type classing struct {
	classes  int  // 0: as many as the labels need
	renumber bool // labels that occur become classes 0, 1, … in their order
}

// labelling is what became of the labels of a set of files.
type labelling struct {
	train, test []uint8
	classes     int
	first, last int    // least and largest label of the files
	renumbered  []int  // the label of each class; nil: it is the class
	remark      string // "" if every class has examples
}

// apply turns the labels of training and test files into classes.
func (c classing) apply(train, test *labelFile) (*labelling, error) {
	census := map[int32]int{}
	for _, label := range slices.Concat(train.values, test.values) {
		census[label]++
	}
	present := slices.Sorted(maps.Keys(census))
	l := &labelling{first: int(present[0]), last: int(present[len(present)-1]), classes: c.classes}
	class := func(label int32) int { return int(label) }
	if c.renumber {
		class = func(label int32) int { i, _ := slices.BinarySearch(present, label); return i }
		for _, label := range present {
			l.renumbered = append(l.renumbered, int(label))
		}
	}
	if l.classes == 0 {
		l.classes = min(1+class(present[len(present)-1]), maxClasses)
		if !c.renumber && l.first >= 0 && l.last < maxClasses {
			l.remark = remark(present, census, train, test)
		}
	}
	var err error
	if l.train, err = train.classes(l.classes, class, c); err != nil {
		return nil, err
	}
	l.test, err = test.classes(l.classes, class, c)
	return l, err
}

// classes returns the class of each label of a file.
func (f *labelFile) classes(classes int, class func(int32) int, c classing) ([]uint8, error) {
	all := make([]uint8, len(f.values))
	for i, label := range f.values {
		k := class(label)
		if k < 0 || k >= classes {
			what := fmt.Sprintf("label %d of example %d", label, i)
			return nil, &FormatError{f.path, f.at(i), what, c.wayOut(classes), ErrLabel}
		}
		all[i] = uint8(k)
	}
	return all, nil
}

// wayOut says what helps where a label is no class.
func (c classing) wayOut(classes int) string {
	const renumber = "data.renumber=true makes classes of the labels that occur"
	switch {
	case c.renumber && c.classes > 0:
		return fmt.Sprintf("more than the %d labels of data.classes occur", classes)
	case c.renumber:
		return fmt.Sprintf("more than %d labels occur", maxClasses)
	case c.classes > 0:
		return fmt.Sprintf("classes are 0 to %d; data.classes=0 takes the largest label + 1, %s", classes-1, renumber)
	}
	return fmt.Sprintf("classes are 0 to %d; %s", maxClasses-1, renumber)
}
