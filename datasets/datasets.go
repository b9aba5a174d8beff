// Package datasets holds what networks learn from: strict readers of idx and
// CIFAR files, MNIST itself, synthetic sets whose theory is known, the
// transforms from pixels to inputs, and the order of presentation.
//
// Every random number is drawn from a named philox stream, so a set depends on
// its Spec and its seed alone.
package datasets

import "ergon/internal/gpu"

// Data is a training and a test set of the same task, and what is held out of training.
//
// Loading the same data twice returns sets that share memory; they are read
// only and may be used by many goroutines.
type Data struct {
	Train, Test *Set
	Validation  *Set  // training examples that are held out; nil: none are
	Shape       []int // of one input, e.g. 28, 28 or 3, 32, 32 or N
	Classes     int   // 0: real-valued targets

	Content Content
	// FirstLabel and LastLabel are the least and the largest label of the files, or of
	// those in use, before any renumbering.
	FirstLabel, LastLabel int
	Remark                string  // what a user should know of the labels; "": nothing
	images                bool    // the inputs are pixels
	corpus                *corpus // keeps the bytes in use, hence shared, while the data are; nil: generated
}

// Sets lists the sets that there are.
func (d *Data) Sets() []*Set {
	if d.Validation == nil {
		return []*Set{d.Train, d.Test}
	}
	return []*Set{d.Train, d.Validation, d.Test}
}

// Set is a list of examples: an input vector each, and a class or a vector of
// real-valued targets.
type Set struct {
	n, inputs, outputs int
	rows               rows
	labels             []uint8   // [n], nil for real-valued targets
	targets            []float32 // [n, outputs], nil where they follow from the classes
	margin             float32   // targets of classes are margin and 1-margin instead of 0 and 1
	owner              *Data     // keeps the whole in use, hence shared, while a part is
}

// rows gives the input vectors of a set, which never change.
type rows interface {
	// gather copies row idx[k] to x[k*stride:], for all k.
	gather(idx []int32, x []float32, stride int)
	// countActive returns how many numbers of row i, which are these inputs, are not zero.
	countActive(i int32, inputs []float32) int
	// keep keeps in memory what is else computed again at each presentation, if that takes long.
	keep()
	// upload copies the rows to a device: bytes and the table they are looked
	// up in, or values.
	upload(u *DeviceSets) (pixels, table, values gpu.Pointer, err error)
}

// Len returns the number of examples.
func (s *Set) Len() int { return s.n }

// Inputs returns the length of an input vector.
func (s *Set) Inputs() int { return s.inputs }

// Outputs returns the length of a target vector: the number of classes, or of
// real-valued targets; 1 where the targets of two classes are -1 and +1.
func (s *Set) Outputs() int { return s.outputs }

// Label returns the class of example i, and false if targets are real-valued.
func (s *Set) Label(i int) (int, bool) {
	if s.labels == nil {
		return 0, false
	}
	return int(s.labels[i]), true
}

// Labels returns the classes of all examples, or nil if targets are
// real-valued. The slice belongs to the set and must not be modified.
func (s *Set) Labels() []uint8 { return s.labels }

// Absent lists the classes, of so many, of which the set has no example.
func (s *Set) Absent(classes int) (absent []int) {
	present := make([]bool, classes)
	for _, label := range s.labels {
		present[label] = true
	}
	for class, there := range present {
		if !there {
			absent = append(absent, class)
		}
	}
	return absent
}

// Keep makes presentations cheap that come again and again: inputs with noise, which are drawn
// when they are presented, are drawn once and kept, as float32. Others may gather meanwhile.
func (s *Set) Keep() { s.rows.keep() }

// CountActive returns how many inputs of example i, which has been gathered to inputs, are not
// zero. It looks at the example itself where that takes less time than its inputs do.
func (s *Set) CountActive(i int32, inputs []float32) int { return s.rows.countActive(i, inputs) }

// prefetcher is rows that can ask the processor for one of them before it is needed.
type prefetcher interface{ prefetch(i int32) }

// Prefetch asks for an example that will soon be gathered. Examples are presented in any order, so
// that no processor guesses where in memory the next one is.
func (s *Set) Prefetch(i int32) {
	if r, ok := s.rows.(prefetcher); ok {
		r.prefetch(i)
	}
}

// Gather copies the inputs of the examples idx into the rows of x and their
// targets into y: one-hot for classes, unless the data have their own. Row k of
// x starts at x[k*stride], with stride ≥ Inputs; its columns from Inputs on are
// left untouched. y is [len(idx), Outputs], or nil if the targets are not
// wanted. It does not allocate.
func (s *Set) Gather(idx []int32, x []float32, stride int, y []float32) {
	if len(idx) == 0 {
		return
	}
	if stride < s.inputs || len(x) < (len(idx)-1)*stride+s.inputs {
		panic("datasets: Gather: x is too small")
	}
	s.rows.gather(idx, x, stride)
	if y == nil {
		return
	}
	if len(y) < len(idx)*s.outputs {
		panic("datasets: Gather: y is too small")
	}
	if s.targets != nil {
		for k, i := range idx {
			copy(y[k*s.outputs:][:s.outputs], s.targets[int(i)*s.outputs:])
		}
		return
	}
	y = y[:len(idx)*s.outputs]
	for i := range y {
		y[i] = s.margin
	}
	for k, i := range idx {
		y[k*s.outputs+int(s.labels[i])] = 1 - s.margin
	}
}
