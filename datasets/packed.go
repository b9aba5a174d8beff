package datasets

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/klauspost/compress/zstd"
)

// packed is a folder of files that are part of the program, compressed by zstd: it shows what
// they hold, decompressed while it is read.
type packed map[string]packedFile

type packedFile struct {
	frame []byte // zstd
	size  int64  // bytes, decompressed
}

var _ fs.StatFS = packed{}

// Open implements fs.FS.
func (p packed) Open(name string) (fs.File, error) {
	f, ok := p[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	content, err := zstd.NewReader(bytes.NewReader(f.frame), zstd.WithDecoderConcurrency(1))
	if err != nil {
		return nil, fmt.Errorf("%s, which is part of the program: %w", name, err)
	}
	return packedContent{f.info(name), content.IOReadCloser()}, nil
}

// Stat implements fs.StatFS.
func (p packed) Stat(name string) (fs.FileInfo, error) {
	if name == "." {
		return packedInfo{name: name, mode: fs.ModeDir | 0o555}, nil
	}
	f, ok := p[name]
	if !ok {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	return f.info(name), nil
}

func (f packedFile) info(name string) packedInfo { return packedInfo{name, f.size, 0o444} }

// packedContent is a file of a packed folder, opened.
type packedContent struct {
	info packedInfo
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
