package bounded

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// What a file of JSON may hold. A list of a million empty objects is a few megabytes of text,
// and may be gigabytes of Go structs; what Ergon writes has several times fewer.
const (
	maxDepth   = 64
	maxKeys    = 1 << 14 // of an object
	fewKeys    = 64      // of an object, for which memory is used again
	anyNumber  = 1 << 12 // of lists and objects, in any text,
	bytesFor1  = 24      // and one more for so many bytes of it
	shownOfKey = 40      // bytes of a key in a message
)

// JSON reads one JSON value into a Go value as encoding/json does, and refuses what that lets
// pass or drops: bytes that are no UTF-8, a key that an object has twice, and nesting or
// numbers of lists and objects beyond all use.
func JSON(text []byte, into any) error {
	if !utf8.Valid(text) {
		return errors.New("the text is not UTF-8")
	}
	if !json.Valid(text) { // says where
		return json.Unmarshal(text, new(json.RawMessage))
	}
	if err := check(text); err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// check walks valid JSON.
func check(text []byte) error {
	w := walk{text: text}
	for w.at = 0; w.at < len(text); w.at++ {
		if err := w.byte(); err != nil {
			return fmt.Errorf("byte %d: %w", w.at, err)
		}
	}
	return nil
}

// walk is a place in valid JSON.
type walk struct {
	text   []byte
	at     int
	open   []byte            // brackets that are open
	keys   []map[string]bool // of the objects that are open, by depth; kept for the next ones
	key    bool              // a text here is a key
	number int               // lists and objects so far
}

// byte looks at one byte, and goes on to the end of a text.
func (w *walk) byte() error {
	switch c := w.text[w.at]; c {
	case '{', '[':
		return w.begin(c)
	case '}', ']':
		w.open, w.key = w.open[:len(w.open)-1], false
	case ',':
		w.key = w.open[len(w.open)-1] == '{'
	case '"':
		from := w.at
		for w.at++; w.text[w.at] != '"'; w.at++ {
			if w.text[w.at] == '\\' {
				w.at++
			}
		}
		if w.key {
			w.key = false
			if err := w.unique(w.text[from : w.at+1]); err != nil {
				w.at = from
				return err
			}
		}
	}
	return nil
}

// begin enters a list or an object.
func (w *walk) begin(bracket byte) error {
	depth := len(w.open)
	if depth == maxDepth {
		return fmt.Errorf("is nested more than %d levels deep", maxDepth)
	}
	if w.number++; w.number > anyNumber+len(w.text)/bytesFor1 {
		return fmt.Errorf("more lists and objects than a file of %d bytes has", len(w.text))
	}
	w.open = append(w.open, bracket)
	if len(w.keys) == depth {
		w.keys = append(w.keys, nil)
	}
	if seen := w.keys[depth]; len(seen) <= fewKeys && seen != nil {
		clear(seen)
	} else { // clearing a large one for each small object would take time without end
		w.keys[depth] = map[string]bool{}
	}
	w.key = bracket == '{'
	return nil
}

// unique notes a key of the innermost object.
func (w *walk) unique(quoted []byte) error {
	name := string(quoted[1 : len(quoted)-1])
	if bytes.IndexByte(quoted, '\\') >= 0 {
		if err := json.Unmarshal(quoted, &name); err != nil {
			return err
		}
	}
	seen := w.keys[len(w.open)-1]
	switch {
	case seen[name]:
		return fmt.Errorf("the key %.*q is given twice", shownOfKey, name)
	case len(seen) == maxKeys:
		return fmt.Errorf("an object has more than %d keys", maxKeys)
	}
	seen[name] = true
	return nil
}
