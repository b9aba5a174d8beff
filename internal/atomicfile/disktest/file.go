package disktest

import (
	"bytes"
	"io/fs"
	"testing/fstest"
)

// file is a file of a disk that is being written.
type file struct {
	disk *Disk
	name string
	*content
}

func (f *file) Write(p []byte) (int, error) {
	fault, n := f.disk.next(Write), len(p)
	if fault.Short {
		n /= 2
	} else if fault.Err != nil {
		n = 0
	}
	f.seen = append(f.seen, p[:n]...)
	if fault.Err != nil {
		return n, &fs.PathError{Op: string(Write), Path: f.name, Err: fault.Err}
	}
	return n, nil
}

func (f *file) Sync() error {
	return f.disk.call(Sync, f.name, func() { f.durable = bytes.Clone(f.seen) })
}

func (f *file) Stat() (info fs.FileInfo, err error) {
	err = f.disk.call(Stat, f.name, func() {
		info, err = fs.Stat(fstest.MapFS{f.name: {Data: f.seen}}, f.name)
	})
	return info, err
}

func (f *file) Close() error { return f.disk.call(Close, f.name, func() {}) }
