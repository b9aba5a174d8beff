package schema

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"regexp"
	"slices"
	"unicode/utf16"
	"unicode/utf8"
)

// toUTF8 returns a document as UTF-8. YAML may also be UTF-16 with a byte order mark.
func toUTF8(document []byte) ([]byte, *Error) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(document, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	case bytes.HasPrefix(document, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	default:
		return document, invalidUTF8(document)
	}
	units := make([]uint16, 0, len(document)/2)
	for rest := document[2:]; len(rest) > 1; rest = rest[2:] {
		units = append(units, order.Uint16(rest))
	}
	runes := utf16.Decode(units)
	if len(document)%2 != 0 || !slices.Equal(utf16.Encode(runes), units) {
		return nil, &Error{Problem: "is broken UTF-16", Hint: "save the file as UTF-8"}
	}
	return []byte(string(runes)), nil
}

// invalidUTF8 returns where a text is not UTF-8, nil if it is.
func invalidUTF8(text []byte) *Error {
	if utf8.Valid(text) {
		return nil
	}
	at := 0
	for {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return &Error{
		Line:    1 + bytes.Count(text[:at], []byte("\n")),
		Problem: fmt.Sprintf("the byte 0x%02x is not UTF-8", text[at]), Hint: "save the file as UTF-8",
	}
}

var version = regexp.MustCompile(`^%YAML[ \t]+(\d+)\.\d+[ \t]*(#.*)?$`)

// withoutVersion makes a comment of the directive %YAML 1.x, of which the
// library takes none but 1.1. Other directives are left to it.
func withoutVersion(text []byte) ([]byte, *Error) {
	start := 0
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
		start = 3
	}
	for line := 1; start < len(text); line++ {
		end := start + bytes.IndexAny(text[start:], "\r\n")
		if end < start {
			end = len(text)
		}
		content := text[start:end]
		if m := version.FindSubmatch(content); m != nil {
			if string(m[1]) != "1" {
				return nil, &Error{Line: line, Problem: "is a document of " + string(content[1:]) + ", want YAML 1.2"}
			}
			text = slices.Clone(text)
			text[start] = '#'
			return text, nil
		}
		if blank := bytes.TrimSpace(content); len(blank) > 0 && blank[0] != '#' && blank[0] != '%' {
			break
		}
		if start = end + 1; bytes.HasPrefix(text[end:], []byte("\r\n")) {
			start++
		}
	}
	return text, nil
}
