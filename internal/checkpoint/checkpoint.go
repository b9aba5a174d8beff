// Package checkpoint keeps what a run needs to go on in files that are whole or not
// there: step-000123.safetensors, of which any reader of that format gets the arrays.
//
// Arrays are tensors in row-major order under the names of the snapshot. The other
// values are JSON texts among the metadata, "state." before their names; "ergon" has
// the Header and the format, "run" what else a run wants to find again; "sha256", which
// comes first, is the SHA-256 in hexadecimal digits of the whole file with these 64
// digits as zeros.
package checkpoint

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"ergon/internal/safetensors"
	"ergon/internal/state"
)

// Checkpoint is a run at the end of a step.
type Checkpoint struct {
	Header
	Run   json.RawMessage // what else the run wants to find again; nil if there is nothing
	State *state.Snapshot
}

// Header says what a checkpoint is of.
type Header struct {
	Step    int    `json:"step"`    // steps made
	Program string `json:"program"` // the version that wrote it
	Config  string `json:"config"`  // the identity of the run's config
}

// Format is the version of the format that is written. Older ones are read.
const Format = 1

// ErrNewer is the error of a checkpoint that a later version of the program has written.
var ErrNewer = errors.New("a newer version of ergon has written it: use that one, or begin anew with --force")

const (
	headerKey   = "ergon"
	runKey      = "run"
	statePrefix = "state."
	maxHeader   = 64 << 10 // bytes of a header's JSON
)

// header is a Header as it is stored.
type header struct {
	Format int `json:"format"`
	Header
}

// contents lists what a file of the checkpoint has, the digest as zeros.
func (c *Checkpoint) contents() ([]safetensors.Entry, []safetensors.Array, error) {
	text, err := json.Marshal(header{Format, c.Header})
	if err != nil {
		return nil, nil, err
	}
	metadata := []safetensors.Entry{{Key: digestKey, Text: noDigest}, {Key: headerKey, Text: text}}
	if c.Run != nil {
		metadata = append(metadata, safetensors.Entry{Key: runKey, Text: c.Run})
	}
	for _, name := range slices.Sorted(maps.Keys(c.State.Values)) {
		metadata = append(metadata, safetensors.Entry{Key: statePrefix + name, Text: c.State.Values[name]})
	}
	if err := new(Checkpoint).readMetadata(metadata); err != nil {
		return nil, nil, err
	}
	var arrays []safetensors.Array
	for name, x := range c.State.Float32s {
		arrays = append(arrays, safetensors.Float32s(name, x))
	}
	for name, x := range c.State.Float64s {
		arrays = append(arrays, safetensors.Float64s(name, x))
	}
	return metadata, arrays, nil
}

// read reads a checkpoint from a file of a size in bytes. What it returns is whole.
func read(from io.ReaderAt, size int64) (*Checkpoint, error) {
	f, err := safetensors.New(from, size)
	if err != nil {
		return nil, err
	}
	if err := verify(from, size); err != nil {
		return nil, err
	}
	c := new(Checkpoint)
	if err := c.readMetadata(f.Metadata); err != nil {
		return nil, err
	}
	for _, t := range f.Tensors {
		name := strings.Clone(t.Name)
		switch t.DType {
		case safetensors.F32:
			c.State.Float32s[name], err = f.Float32s(t)
		case safetensors.F64:
			c.State.Float64s[name], err = f.Float64s(t)
		}
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// readMetadata sets all of a checkpoint but its arrays.
func (c *Checkpoint) readMetadata(metadata []safetensors.Entry) error {
	c.State = &state.Snapshot{
		Float32s: map[string][]float32{}, Float64s: map[string][]float64{}, Values: map[string]json.RawMessage{},
	}
	headed := false
	for _, e := range metadata {
		if e.Key == digestKey {
			continue
		}
		if !json.Valid(e.Text) {
			return fmt.Errorf("%s: not JSON: %.100q", e.Key, e.Text)
		}
		name, isState := strings.CutPrefix(e.Key, statePrefix)
		switch {
		case e.Key == headerKey:
			headed = true
			if err := c.readHeader(e.Text); err != nil {
				return fmt.Errorf("%s: %w", headerKey, err)
			}
		case e.Key == runKey:
			c.Run = e.Text
		case isState:
			c.State.Values[name] = e.Text
		default:
			return fmt.Errorf("the key %q, which no checkpoint has", e.Key)
		}
	}
	if !headed {
		return fmt.Errorf("the key %q is missing: this is no checkpoint", headerKey)
	}
	return nil
}

func (c *Checkpoint) readHeader(text []byte) error {
	if len(text) > maxHeader {
		return fmt.Errorf("%d bytes, and at most %d are read", len(text), maxHeader)
	}
	var version struct{ Format int }
	if err := json.Unmarshal(text, &version); err != nil {
		return err
	}
	if version.Format > Format {
		return fmt.Errorf("format %d, and this program reads %d: %w", version.Format, Format, ErrNewer)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	h := header{Header: Header{Step: -1}}
	if err := d.Decode(&h); err != nil {
		return err
	}
	if h.Format < 1 || h.Step < 0 {
		return fmt.Errorf("format %d, step %d", h.Format, h.Step)
	}
	c.Header = h.Header
	return nil
}
