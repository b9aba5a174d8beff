package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"ergon/internal/safetensors"
)

const (
	digestKey = "sha256"
	// beforeDigest is how a file goes on after the eight bytes of the header's length.
	beforeDigest = `{"__metadata__":{"` + digestKey + `":"`
	digestAt     = 8 + len(beforeDigest)
)

// noDigest stands in the place of the digest while it is computed.
var noDigest = bytes.Repeat([]byte("0"), 2*sha256.Size)

// seal puts the digest of a file into its first entry.
func seal(metadata []safetensors.Entry, arrays []safetensors.Array) error {
	h := sha256.New()
	if err := safetensors.Write(h, metadata, arrays); err != nil {
		return err
	}
	metadata[0].Text = hex.AppendEncode(nil, h.Sum(nil))
	return nil
}

// verify reads a whole file and compares it with the digest in it.
func verify(from io.ReaderAt, size int64) error {
	head := make([]byte, digestAt+len(noDigest))
	if _, err := io.ReadFull(io.NewSectionReader(from, 0, size), head); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || err == nil && string(head[8:digestAt]) != beforeDigest {
		return fmt.Errorf("does not begin with the key %q: this is no checkpoint", digestKey)
	} else if err != nil {
		return err
	}
	h := sha256.New()
	h.Write(head[:digestAt])
	h.Write(noDigest)
	if _, err := io.Copy(h, io.NewSectionReader(from, int64(len(head)), size-int64(len(head)))); err != nil {
		return err
	}
	if want, got := string(head[digestAt:]), hex.EncodeToString(h.Sum(nil)); got != want {
		return fmt.Errorf("damaged: its SHA-256 is %s, and it says %s", got, want)
	}
	return nil
}
