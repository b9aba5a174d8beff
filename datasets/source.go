package datasets

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"hash"
	"io"
)

// chunk is how far reading may allocate ahead of the bytes that have arrived, besides
// buffers: both together are less than a MiB.
const chunk = 1 << 19

// source is the content of a plain or gzip file, told apart by the gzip header
// 1f 8b. Only one gzip member is read: concatenated members are a way to hide
// content that other readers see.
type source struct {
	file   string
	raw    *bufio.Reader
	gz     *gzip.Reader // nil for a plain file
	offset int64        // bytes of content read so far
	sure   int64        // bytes of content that are there, or were published; 0: not known
	digest hash.Hash    // of these bytes; nil: nobody asks
}

func newSource(r io.Reader, file string) (*source, error) {
	s := &source{file: file, raw: newBuffer(r)}
	head, err := s.raw.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, s.failed(err)
	}
	if len(head) == 2 && head[0] == 0x1f && head[1] == 0x8b {
		if s.gz, err = gzip.NewReader(s.raw); err != nil {
			return nil, s.failed(err)
		}
		s.gz.Multistream(false)
	}
	return s, nil
}

func newBuffer(r io.Reader) *bufio.Reader { return bufio.NewReaderSize(r, 1<<16) }

// Read reads content and counts it.
func (s *source) Read(p []byte) (int, error) {
	var n int
	var err error
	if s.gz != nil {
		n, err = s.gz.Read(p)
	} else {
		n, err = s.raw.Read(p)
	}
	s.offset += int64(n)
	if s.digest != nil {
		_, _ = s.digest.Write(p[:n]) // a hash never fails
	}
	return n, err
}

// bytes reads exactly n bytes. what names them in the error. Memory follows the
// bytes that arrive, not n, until all of them have, unless it is sure that they will.
func (s *source) bytes(n int, what string) ([]byte, error) {
	most := chunk
	if s.offset+int64(n) <= s.sure {
		most = n
	}
	var parts [][]byte
	for got := 0; got < n; {
		part := make([]byte, min(most, n-got))
		k, err := io.ReadFull(s, part)
		got += k
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return nil, &FormatError{s.file, s.offset, fmt.Sprintf("%d of %d bytes are missing in %s", n-got, n, what), hintAgain, ErrTruncated}
		}
		if err != nil {
			return nil, s.failed(err)
		}
		parts = append(parts, part)
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	whole := make([]byte, 0, n)
	for i, part := range parts {
		whole, parts[i] = append(whole, part...), nil
	}
	return whole, nil
}

// discard reads to the end.
func (s *source) discard() error {
	if _, err := io.Copy(io.Discard, s); err != nil {
		return s.failed(err)
	}
	return nil
}

// end checks that the content stops here: no further byte, a complete and
// matching gzip checksum, and nothing behind the compressed stream.
func (s *source) end() error {
	var one [1]byte
	switch _, err := io.ReadFull(s, one[:]); {
	case err == nil:
		return &FormatError{s.file, s.offset - 1, "more bytes follow than belong here", "", ErrTrailing}
	case err == io.ErrUnexpectedEOF: // only gzip says so: its trailer is cut off
		return &FormatError{s.file, s.offset, "the gzip checksum is cut off", hintAgain, ErrTruncated}
	case !errors.Is(err, io.EOF):
		return s.failed(err)
	}
	switch _, err := s.raw.ReadByte(); {
	case err == nil:
		return &FormatError{s.file, s.offset, "bytes follow the end of the gzip stream", "", ErrTrailing}
	case !errors.Is(err, io.EOF):
		return s.failed(err)
	}
	return nil
}

// failed turns an error of the reader or the decompressor into a FormatError.
func (s *source) failed(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &FormatError{s.file, s.offset, "the gzip header is cut off", hintAgain, ErrTruncated}
	case errors.Is(err, gzip.ErrChecksum):
		return &FormatError{s.file, s.offset, "the gzip checksum does not match", hintAgain, ErrCompressed}
	case errors.Is(err, gzip.ErrHeader), errors.As(err, &corrupt):
		return &FormatError{s.file, s.offset, "not a valid gzip stream: " + err.Error(), hintAgain, ErrCompressed}
	}
	return &FormatError{s.file, s.offset, "reading failed: " + err.Error(), "", err}
}
