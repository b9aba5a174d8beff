package bounded

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// maxLine is the size in bytes above which a line is none that a run has written.
const maxLine = 1 << 20

// LinesIn hands each line of a file of a folder to use, without its end, which the last may
// lack. A line is valid until the next. Memory is that of a line, however long the file is.
func LinesIn(folder, name string, use func(line []byte) error) error {
	path := filepath.Join(folder, name)
	f, err := open(folder, name)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := plainSize(f, path); err != nil {
		return err
	}
	return lines(f, path, use)
}

// lines is LinesIn for an open file.
func lines(r io.Reader, path string, use func(line []byte) error) error {
	s := bufio.NewScanner(r)
	s.Buffer(nil, maxLine)
	n := 0
	for s.Scan() {
		n++
		if err := use(s.Bytes()); err != nil {
			return fmt.Errorf("%s: line %d: %w", path, n, err)
		}
	}
	if err := s.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("%s: line %d: has more than the %d bytes allowed", path, n+1, maxLine)
	} else if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
