// Package disktest is a disk in memory on which every call can fail, and which can be
// looked at as it is found after the program was killed or the power failed.
package disktest

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"testing/fstest"

	"ergon/internal/atomicfile"
)

var _ atomicfile.FS = (*Disk)(nil)

// Op is a call that a disk counts. Reading is not among them.
type Op string

// The calls by which files are written.
const (
	Create Op = "create"
	Write  Op = "write"
	Sync   Op = "sync"
	Stat   Op = "stat"
	Close  Op = "close"
	Rename Op = "rename"
	Remove Op = "remove"
)

// Fault is what goes wrong at a call; the zero value is nothing.
type Fault struct {
	Err   error // is returned, and nothing is done
	Short bool  // a write takes half of the bytes, with Err or without
	Crash bool  // the call is carried out, and none that comes after it
}

// ErrCrashed is what calls return after a crash, though nobody is left to see it.
var ErrCrashed = errors.New("the machine has stopped")

// Disk is one folder, empty at first. It may be used by one goroutine at a time.
type Disk struct {
	Fault func(call int, op Op) Fault // is asked at each call, counted from 1; nil: none
	Calls int                         // so far

	seen    map[string]*content // the files as programs see them
	durable map[string]*content // the names that would outlast the power
	crashed bool
}

type content struct{ seen, durable []byte }

// New returns a disk with no file.
func New() *Disk { return &Disk{seen: map[string]*content{}, durable: map[string]*content{}} }

// Files returns the files as programs see them.
func (d *Disk) Files() fstest.MapFS {
	all := fstest.MapFS{}
	for name, c := range d.seen {
		all[name] = &fstest.MapFile{Data: c.seen, Mode: 0o644}
	}
	return all
}

// Open opens a file, or the folder ".", for reading.
func (d *Disk) Open(name string) (fs.File, error) { return d.Files().Open(name) }

// Create makes an empty file.
func (d *Disk) Create(name string) (atomicfile.File, error) {
	c := new(content)
	err := d.call(Create, name, func() { d.seen[name] = c })
	return &file{d, name, c}, err
}

// Rename gives a file another name.
func (d *Disk) Rename(from, to string) error {
	if d.seen[from] == nil {
		return &fs.PathError{Op: string(Rename), Path: from, Err: fs.ErrNotExist}
	}
	return d.call(Rename, to, func() {
		d.seen[to] = d.seen[from]
		delete(d.seen, from)
	})
}

// Remove removes a file.
func (d *Disk) Remove(name string) error {
	if d.seen[name] == nil && !d.crashed {
		return &fs.PathError{Op: string(Remove), Path: name, Err: fs.ErrNotExist}
	}
	return d.call(Remove, name, func() { delete(d.seen, name) })
}

// Sync flushes the names if name is ".", and a file's content otherwise.
func (d *Disk) Sync(name string) error {
	return d.call(Sync, name, func() {
		if name == "." {
			d.durable = maps.Clone(d.seen)
		} else if c := d.seen[name]; c != nil {
			c.durable = bytes.Clone(c.seen)
		}
	})
}

// call carries out a call unless a fault or a crash prevents it.
func (d *Disk) call(op Op, name string, do func()) error {
	if err := d.next(op).Err; err != nil {
		return &fs.PathError{Op: string(op), Path: name, Err: err}
	}
	do()
	return nil
}

// next counts a call and returns what goes wrong at it. What it says of a crash
// holds for the calls after it.
func (d *Disk) next(op Op) Fault {
	if d.crashed {
		return Fault{Err: ErrCrashed}
	}
	d.Calls++
	if d.Fault == nil {
		return Fault{}
	}
	fault := d.Fault(d.Calls, op)
	d.crashed = fault.Crash
	return fault
}

// Survivors returns the disk as it may be found after a crash at this moment, by what
// has happened. Nothing goes wrong with them.
func (d *Disk) Survivors() map[string]*Disk {
	kept := maps.Clone(d.durable)
	maps.DeleteFunc(kept, func(name string, _ *content) bool { return d.seen[name] == nil })
	seen := func(c *content) []byte { return c.seen }
	durable := func(c *content) []byte { return c.durable }
	half := func(c *content) []byte {
		if bytes.Equal(c.seen, c.durable) {
			return c.seen
		}
		return c.seen[:len(c.seen)/2]
	}
	return map[string]*Disk{
		"killed":                          copied(d.seen, seen),
		"power failed":                    copied(d.durable, durable),
		"power failed, new names on disk": copied(d.seen, durable),
		"power failed, new names, half of the content": copied(d.seen, half),
		"power failed, only removals on disk":          copied(kept, durable),
	}
}

// copied returns a disk with those files, flushed.
func copied(names map[string]*content, of func(*content) []byte) *Disk {
	d := New()
	for name, c := range names {
		data := bytes.Clone(of(c))
		d.seen[name] = &content{data, data}
	}
	d.durable = maps.Clone(d.seen)
	return d
}

// Names lists the files as programs see them.
func (d *Disk) Names() []string { return slices.Sorted(maps.Keys(d.seen)) }
