package datasets

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"ergon/internal/folderlock"
)

// FetchOptions changes how Fetch works; the zero value is right for most uses.
type FetchOptions struct {
	URL    string        // a mirror: the folder of the files, or the archive; "": where the set is published
	Client *http.Client  // nil: http.DefaultClient
	Stall  time.Duration // give up when no byte has arrived for so long; 0: one minute
}

// Fetch downloads a published set into dir, or into CacheDir(name) if dir is
// empty. Files that are there and right are kept. progress, which may be nil,
// is called as bytes of a file arrive; total ≤ 0 means unknown.
//
// A file appears under its name only when its content has been verified and is
// on disk. What an interrupted download has got so far stays in name.part, and
// the next Fetch continues there; a download with the wrong content is removed.
func Fetch(ctx context.Context, name, dir string, progress func(file string, done, total int64), opts FetchOptions) error {
	p := catalogue[name]
	if p == nil {
		if _, ok := Kinds.New(name); ok {
			return fmt.Errorf("%s is not published: there is nothing to fetch (published: %v)", name, Fetchable())
		}
		return unknownSet(name)
	}
	if dir == "" {
		var err error
		if dir, err = CacheDir(name); err != nil {
			return err
		}
	}
	return p.fetch(ctx, dir, progress, opts)
}

func (p *published) fetch(ctx context.Context, dir string, progress func(string, int64, int64), opts FetchOptions) error {
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	if opts.URL == "" {
		opts.URL = p.url
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	unlock, err := folderlock.Acquire(dir)
	if err != nil {
		return err
	}
	defer unlock()
	into, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer into.Close()
	if p.archive != nil {
		return p.fetchArchive(ctx, into, progress, opts)
	}
	for _, f := range p.files {
		if err := p.fetchFile(ctx, f, into, progress, opts); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// fetchFile brings one file of a set whose files are offered one by one.
func (p *published) fetchFile(ctx context.Context, f file, into *os.Root, progress func(string, int64, int64), opts FetchOptions) error {
	name := f.name
	if p.compressed {
		name += ".gz"
	}
	switch path, err := f.verifyIn(openFolder(into.Name()), p.compressed); {
	case err == nil:
		progress(name, f.size, f.size)
		return nil
	case path != "" && path != filepath.Join(into.Name(), name): // it would be found before the one to come
		return fmt.Errorf("%w; remove that file first", err)
	}
	return (&download{
		url: opts.URL + name, name: name, into: into, opts: opts,
		limit:    f.size + 1<<20, // no compressed form is longer by more
		verify:   func(part string) error { return f.verifyAt(into, part, p.compressed) },
		progress: func(done, total int64) { progress(name, done, total) },
	}).run(ctx)
}

// fetchArchive brings the archive, unpacks the files and removes the archive.
func (p *published) fetchArchive(ctx context.Context, into *os.Root, progress func(string, int64, int64), opts FetchOptions) error {
	a, here := p.archive, openFolder(into.Name())
	if p.intact(here) {
		progress(a.name, a.size, a.size)
		return nil
	}
	if a.verifyAt(into, a.name, false) != nil {
		err := (&download{
			url: opts.URL, name: a.name, into: into, opts: opts, limit: a.size,
			verify:   func(part string) error { return a.verifyAt(into, part, false) },
			progress: func(done, total int64) { progress(a.name, done, total) },
		}).run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	if err := a.unpack(into, p.files); err != nil {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return into.Remove(a.name)
}

// intact reports whether all files are in the folder and right.
func (p *published) intact(f folder) bool {
	for _, file := range p.files {
		if _, err := file.verifyIn(f, p.compressed); err != nil {
			return false
		}
	}
	return true
}
