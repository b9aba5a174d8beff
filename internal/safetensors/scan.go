package safetensors

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"
	"unsafe"
)

// scanner reads the JSON of a header. It takes the values that a header has (objects,
// texts, lists of counts) and no others. After the first error it reads nothing more.
type scanner struct {
	text []byte // texts are unescaped in their place
	at   int    // bytes read
	err  *Error
}

// Error is what is wrong with a file.
type Error struct {
	Byte    int64  // where, from the beginning of the file
	Name    string // of the array or entry; empty if it is of none
	Problem string
}

func (e *Error) Error() string {
	if e.Name == "" {
		return fmt.Sprintf("byte %d: %s", e.Byte, e.Problem)
	}
	return fmt.Sprintf("byte %d, %q: %s", e.Byte, e.Name, e.Problem)
}

func (s *scanner) fail(at int, format string, args ...any) {
	if s.err == nil {
		s.err = &Error{Byte: int64(prefix + at), Problem: fmt.Sprintf(format, args...)}
	}
}

// peek returns the next byte that is no space, 0 at the end or after an error.
func (s *scanner) peek() byte {
	for ; s.err == nil && s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	return 0
}

// take reads a byte if it is the next.
func (s *scanner) take(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.at++
	return true
}

// expect reads a byte that must be the next.
func (s *scanner) expect(c byte) {
	if next := s.peek(); s.err != nil {
		return
	} else if next == 0 && s.at == len(s.text) {
		s.fail(s.at, "the header ends where %q should stand", c)
	} else if next != c {
		s.fail(s.at, "%q where %q should stand", next, c)
	}
	s.at++
}

// object reads an object, its values by value, which is told the key and where it stands.
func (s *scanner) object(value func(key string, at int)) {
	s.expect('{')
	for first := true; s.err == nil && !s.take('}'); first = false {
		if !first {
			s.expect(',')
		}
		s.peek()
		at := s.at
		key := s.string()
		s.expect(':')
		if s.err == nil {
			value(key, at)
		}
	}
}

// counts appends a list of integers from 0 to 2⁶³-1 to list, which has room for them.
func (s *scanner) counts(list []int64) []int64 {
	s.expect('[')
	for first := true; s.err == nil && !s.take(']'); first = false {
		if !first {
			s.expect(',')
		}
		s.peek()
		if at := s.at; len(list) == cap(list) {
			s.fail(at, "a list has more than %d numbers", cap(list))
		} else {
			list = append(list, s.count())
		}
	}
	return list
}

// count reads an integer as JSON has it, without sign, point and exponent.
func (s *scanner) count() int64 {
	const most = 1<<63 - 1
	from, n := s.at, int64(0)
	for ; s.at < len(s.text) && '0' <= s.text[s.at] && s.text[s.at] <= '9'; s.at++ {
		digit := int64(s.text[s.at] - '0')
		if n > (most-digit)/10 {
			s.fail(from, "an integer above %d", int64(most))
			return 0
		}
		n = 10*n + digit
	}
	if digits := s.at - from; digits == 0 || digits > 1 && s.text[from] == '0' {
		s.fail(from, "no integer of the form 0, 1, 2 …")
	}
	return n
}

// string reads a text. It stays where it is, without its escapes, and is not copied:
// the scanner does not write there again.
func (s *scanner) string() string {
	b := s.bytes()
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// bytes is string as bytes, which belong to the caller.
func (s *scanner) bytes() []byte {
	s.expect('"')
	from := s.at
	for to := from; s.err == nil; {
		if s.at >= len(s.text) {
			s.fail(s.at, "the header ends within a text")
			break
		}
		switch c := s.text[s.at]; {
		case c == '"':
			s.at++
			return s.text[from:to:to]
		case c == '\\':
			to += utf8.EncodeRune(s.text[to:], s.escape())
		case c < ' ':
			s.fail(s.at, "a control character within a text")
		default:
			s.text[to] = c
			to, s.at = to+1, s.at+1
		}
	}
	return nil
}

// escape reads an escaped character. Its escape is never shorter than its UTF-8.
func (s *scanner) escape() rune {
	const names, runes = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	from := s.at
	if from+1 < len(s.text) {
		for i := range names {
			if s.text[from+1] == names[i] {
				s.at += 2
				return rune(runes[i])
			}
		}
	}
	r := s.unit()
	if utf16.IsSurrogate(r) {
		if r = utf16.DecodeRune(r, s.unit()); r == utf8.RuneError {
			s.fail(from, "half of a character")
		}
	}
	return r
}

// unit reads \uXXXX.
func (s *scanner) unit() rune {
	from := s.at
	if from+6 <= len(s.text) && s.text[from] == '\\' && s.text[from+1] == 'u' {
		var unit [2]byte
		if _, err := hex.Decode(unit[:], s.text[from+2:from+6]); err == nil {
			s.at += 6
			return rune(binary.BigEndian.Uint16(unit[:]))
		}
	}
	s.fail(from, "no escape as JSON has them")
	return 0
}
