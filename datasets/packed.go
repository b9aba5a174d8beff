package datasets

import (
	"bytes"
	"io"
	"io/fs"
	"time"

	"github.com/klauspost/compress/zstd"
)

// packed is a folder of files that are part of the program, each a frame of zstd, by name: it
// shows what they hold, decompressed while it is read.
type packed map[string][]byte

var _ fs.StatFS = packed{}

// Open implements fs.FS.
func (p packed) Open(name string) (fs.File, error) {
	info, err := p.Stat(name)
	if err != nil {
		return nil, err
	}
	content, err := zstd.NewReader(bytes.NewReader(p[name]), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return packedContent{info, content.IOReadCloser()}, nil
}

// Stat implements fs.StatFS.
func (p packed) Stat(name string) (fs.FileInfo, error) {
	if name == "." {
		return packedInfo{name: name, mode: fs.ModeDir | 0o555}, nil
	}
	frame, ok := p[name]
	if !ok {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	var head zstd.Header
	if err := head.Decode(frame); err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	return packedInfo{name, int64(head.FrameContentSize), 0o444}, nil
}

// packedContent is a file of a packed folder, opened.
type packedContent struct {
	info fs.FileInfo
	io.ReadCloser
}

func (c packedContent) Stat() (fs.FileInfo, error) { return c.info, nil }

type packedInfo struct {
	name string
	size int64
	mode fs.FileMode
}

func (i packedInfo) Name() string       { return i.name }
func (i packedInfo) Size() int64        { return i.size }
func (i packedInfo) Mode() fs.FileMode  { return i.mode }
func (i packedInfo) ModTime() time.Time { return time.Time{} }
func (i packedInfo) IsDir() bool        { return i.mode.IsDir() }
func (i packedInfo) Sys() any           { return nil }
