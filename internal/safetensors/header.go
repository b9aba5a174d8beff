package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// readHeader returns the text of the header, which is UTF-8.
func readHeader(from io.ReaderAt, size int64) ([]byte, error) {
	wrong := func(at int64, format string, args ...any) ([]byte, error) {
		return nil, &Error{Byte: at, Problem: fmt.Sprintf(format, args...)}
	}
	if size < prefix {
		return wrong(size, "the file ends within its first %d bytes", prefix)
	}
	var length [prefix]byte
	if _, err := from.ReadAt(length[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	n := binary.LittleEndian.Uint64(length[:])
	switch {
	case n > maxHeader:
		return wrong(0, "a header of %d bytes, and at most %d are allowed: this is no safetensors file", n, maxHeader)
	case int64(n) > size-prefix:
		return wrong(size, "the file ends, and its header takes %d bytes more", int64(n)-(size-prefix))
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(io.NewSectionReader(from, prefix, int64(n)), text); err != nil {
		return nil, err
	}
	if n == 0 || text[0] != '{' {
		return wrong(prefix, "the header does not begin with {: this is no safetensors file")
	}
	if !utf8.Valid(text) {
		at := 0
		for r, k := utf8.DecodeRune(text); r != utf8.RuneError || k != 1; r, k = utf8.DecodeRune(text[at:]) {
			at += k
		}
		return wrong(prefix+int64(at), "the header is not UTF-8")
	}
	return text, nil
}

// parser reads a header.
type parser struct {
	scanner
	file *File
	size int64 // of the file
	end  int64 // of the numbers so far, bytes from the beginning of the file
	data int64 // where the numbers of all begin
}

// makeRoom allocates what a valid header needs.
func (p *parser) makeRoom() {
	p.data = p.end
	tensors := int64(bytes.Count(p.text, []byte(`"data_offsets"`)))
	p.file.Tensors = make([]Tensor, 0, min(tensors, maxNames(p.size)))
}

func (p *parser) header() {
	metadata := false
	p.object(func(key string, at int) {
		switch {
		case key != metadataKey:
			p.tensor(key, at)
		case metadata:
			p.fail(at, "a second %s", metadataKey)
		default:
			metadata = true
			p.metadata()
		}
	})
	for ; p.err == nil && p.at < len(p.text); p.at++ {
		if p.text[p.at] != ' ' {
			p.fail(p.at, "%q after the end of the header, where only spaces may stand", p.text[p.at])
		}
	}
	if p.err == nil && p.end != p.size {
		p.err = &Error{Byte: min(p.end, p.size), Problem: fmt.Sprintf("the file has %d bytes, by its header %d", p.size, p.end)}
	}
	p.unique()
}

// bounded fails if there are more names than a file of this size may have.
func (p *parser) bounded(at int) {
	if n := int64(len(p.file.Tensors) + len(p.file.Metadata)); n >= maxNames(p.size) {
		p.fail(at, "more than %d names in a file of %d bytes", n, p.size)
	}
}

func (p *parser) metadata() {
	p.object(func(key string, at int) {
		p.bounded(at)
		p.file.Metadata = append(p.file.Metadata, Entry{key, p.bytes()})
	})
}

// tensor reads what the header says of an array: each of three keys once.
func (p *parser) tensor(name string, at int) {
	p.bounded(at)
	t := Tensor{Name: name, begin: p.end}
	var room [maxRank]int64
	var offsets []int64
	p.object(func(key string, at int) {
		switch {
		case key == "dtype" && t.DType == 0:
			t.DType = p.dtype()
		case key == "shape" && t.Shape == nil:
			t.Shape = slices.Clone(p.counts(room[:0]))
		case key == "data_offsets" && offsets == nil:
			offsets = p.counts(make([]int64, 0, 2))
		case key == "dtype" || key == "shape" || key == "data_offsets":
			p.fail(at, "a second %s", key)
		default:
			p.fail(at, "the key %q, which no array has", key)
		}
	})
	if p.err == nil {
		p.place(&t, offsets, at)
	}
	if p.err != nil {
		p.err.Name = name
	}
	p.file.Tensors = append(p.file.Tensors, t)
}

func (p *parser) dtype() DType {
	p.peek()
	at := p.at
	switch name := p.string(); name {
	case "F32":
		return F32
	case "F64":
		return F64
	default:
		p.fail(at, "numbers of type %q, and only F32 and F64 are read", name)
		return 0
	}
}

// place proves that the numbers of an array follow those of the one before, and that
// the file has them.
func (p *parser) place(t *Tensor, offsets []int64, at int) {
	if t.DType == 0 || t.Shape == nil || len(offsets) != 2 {
		p.fail(at, "an array needs a dtype, a shape and two data_offsets")
		return
	}
	n, ok := elements(t.Shape, t.DType)
	if !ok {
		p.fail(at, "no file has as many numbers as the shape %v", t.Shape)
		return
	}
	begin, end, before := offsets[0], offsets[1], p.end-p.data
	switch {
	case begin > before:
		p.fail(at, "begins at byte %d of the numbers, and those before end at byte %d: a hole", begin, before)
	case begin < before:
		p.fail(at, "begins at byte %d of the numbers, and those before end at byte %d: they overlap", begin, before)
	case end < begin || end-begin != n*int64(t.DType):
		p.fail(at, "bytes %d to %d of the numbers are not the %d of shape %v", begin, end, n*int64(t.DType), t.Shape)
	case end > p.size-p.data:
		p.fail(at, "ends at byte %d of the numbers, and the file has %d", end, p.size-p.data)
	case n > 0 && p.end%int64(t.DType) != 0:
		p.fail(at, "numbers of %d bytes begin at byte %d of the file", t.DType, p.end)
	case int64(int(n)) != n:
		p.fail(at, "more numbers than this machine can address")
	}
	t.n, p.end = n, p.data+end
}

// unique fails if two arrays, or two entries, have one name.
func (p *parser) unique() {
	if p.err != nil {
		return
	}
	names := make([]string, 0, len(p.file.Tensors)+len(p.file.Metadata))
	twice := func() {
		slices.Sort(names)
		for i := 1; i < len(names); i++ {
			if names[i] == names[i-1] && p.err == nil {
				p.err = &Error{Byte: prefix, Name: strings.Clone(names[i]), Problem: "is in the header twice"}
			}
		}
		names = names[:0]
	}
	for _, t := range p.file.Tensors {
		names = append(names, t.Name)
	}
	twice()
	for _, e := range p.file.Metadata {
		names = append(names, e.Key)
	}
	twice()
}
