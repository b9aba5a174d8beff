package datasets

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// Content says what data were read: from where, and which bytes.
type Content struct {
	Where  string        // folder, as an absolute path; "embedded mnist"; "generated"
	Digest string        // SHA-256 of all files together, however they are called and compressed; "": generated
	Files  []FileContent // in the order in which the Digest takes them
}

// FileContent is one file by what it holds.
type FileContent struct {
	Name   string
	Bytes  int64  // decompressed
	SHA256 string // of the decompressed content, in hex
}

// generated is the Content of data that follow from their Spec and seed.
const generated = "generated"

// newContent adds up files: the Digest is the SHA-256 of theirs, one after the other, in hex.
func newContent(where string, files []FileContent) Content {
	sum := sha256.New()
	for _, f := range files {
		_, _ = io.WriteString(sum, f.SHA256) // a hash never fails
	}
	return Content{where, hex.EncodeToString(sum.Sum(nil)), files}
}

// ContentOf reads what the files of a Spec hold now. Of generated data, and of those
// that are part of the program, nothing is read.
func ContentOf(spec Spec) (Content, error) {
	s, ok := spec.(filed)
	if !ok {
		return Content{Where: generated}, nil
	}
	o, err := s.origin()
	if err != nil {
		return Content{}, err
	}
	if o.pinned != nil {
		return *o.pinned, nil
	}
	c, err := corpora.get(o.id, o.read)
	if err != nil {
		return Content{}, err
	}
	return c.content, nil
}

// InProgram says whether the data of a Spec follow from the program alone: they are
// generated, or part of it.
func InProgram(spec Spec) bool {
	s, ok := spec.(filed)
	if !ok {
		return true
	}
	o, err := s.origin()
	return err == nil && o.pinned != nil
}

// filed is a Spec of data that lie in files.
type filed interface{ origin() (origin, error) }
