package datasets

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"ergon/internal/atomicfile"
)

// download brings one file over HTTP into a folder, by way of name.part.
type download struct {
	url, name string
	into      *os.Root // nothing outside of it is written
	opts      FetchOptions
	limit     int64                   // bytes the file has at most
	verify    func(name string) error // of a file in the folder
	progress  func(done, total int64)
}

var (
	errStalled = errors.New("no bytes arrived for too long")
	errTooLong = errors.New("the server sends more bytes than the file has")
	errRange   = errors.New("the server sends another range than the one asked for")
)

func (d *download) part() string { return d.name + atomicfile.Suffix }

// run transfers, verifies and installs the file. A partial file is continued
// without asking whether the server's file is still the same (If-Range): the
// hash of the whole decides, and if it is wrong the file is brought once more
// from its first byte.
func (d *download) run(ctx context.Context) error {
	for {
		resumed, err := d.transfer(ctx)
		worthless := errors.Is(err, errTooLong) || errors.Is(err, errRange)
		if err != nil && !worthless {
			return err
		}
		if err == nil {
			if err = d.verify(d.part()); err == nil {
				return atomicfile.Install(atomicfile.In(d.into), d.name)
			}
		}
		if rm := d.into.Remove(d.part()); rm != nil {
			return errors.Join(err, rm)
		}
		if !resumed {
			return err
		}
	}
}

// open opens the partial file. What is no file, a link to another perhaps, makes way.
func (d *download) open() (*os.File, error) {
	if info, err := d.into.Lstat(d.part()); err == nil && !info.Mode().IsRegular() {
		if err := d.into.Remove(d.part()); err != nil {
			return nil, err
		}
	}
	return d.into.OpenFile(d.part(), os.O_CREATE|os.O_RDWR, 0o666)
}

// transfer appends what is missing to the partial file. resumed reports
// whether some of the file had been there.
func (d *download) transfer(ctx context.Context) (resumed bool, err error) {
	f, err := d.open()
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	offset, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return false, err
	}
	ctx, alive, stop := d.watch(ctx)
	defer stop()
	resp, err := d.request(ctx, offset)
	if err != nil {
		return offset > 0, d.explain(ctx, err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && offset > 0:
		return true, nil // nothing is missing, or the file is another: the hash tells
	case resp.StatusCode == http.StatusPartialContent && offset > 0:
		var first int64
		if _, err := fmt.Sscanf(resp.Header.Get("Content-Range"), "bytes %d-", &first); err != nil || first != offset {
			return true, fmt.Errorf("%s: %w", d.url, errRange)
		}
	case resp.StatusCode == http.StatusOK:
		offset = 0 // the server ignores ranges
		if err := restart(f); err != nil {
			return false, err
		}
	default:
		return offset > 0, fmt.Errorf("%s: the server answers %s", d.url, resp.Status)
	}
	return offset > 0, d.receive(ctx, f, resp, offset, alive)
}

// request asks for the file from offset on, as it is.
func (d *download) request(ctx context.Context, offset int64) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", "identity") // or net/http would decompress
	if offset > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	client := d.opts.Client
	if client == nil {
		client = http.DefaultClient
	}
	return client.Do(req)
}

// receive writes the body to f, which holds done bytes already.
func (d *download) receive(ctx context.Context, f *os.File, resp *http.Response, done int64, alive func()) error {
	total := int64(-1)
	if resp.ContentLength >= 0 {
		total = done + resp.ContentLength
	}
	if total > d.limit {
		return fmt.Errorf("%s: %w: %d instead of at most %d", d.url, errTooLong, total, d.limit)
	}
	buffer := make([]byte, 1<<16)
	for {
		n, readErr := resp.Body.Read(buffer)
		if _, err := f.Write(buffer[:n]); err != nil {
			return err
		}
		alive()
		done += int64(n)
		if done > d.limit {
			return fmt.Errorf("%s: %w: more than %d", d.url, errTooLong, d.limit)
		}
		if n > 0 {
			d.progress(done, total)
		}
		if readErr == io.EOF {
			return nil
		}
		if readErr != nil {
			return d.explain(ctx, readErr)
		}
	}
}

// watch returns a context that ends when alive has not been called for the
// stall time.
func (d *download) watch(parent context.Context) (ctx context.Context, alive, stop func()) {
	stall := d.opts.Stall
	if stall <= 0 {
		stall = time.Minute
	}
	ctx, cancel := context.WithCancelCause(parent)
	timer := time.AfterFunc(stall, func() { cancel(errStalled) })
	return ctx, func() { timer.Reset(stall) }, func() { timer.Stop(); cancel(nil) }
}

// explain says why a transfer broke off, and what to do.
func (d *download) explain(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return fmt.Errorf("%s: %w (what has arrived is kept: run the same command again to go on)", d.url, err)
}

// restart empties f.
func restart(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.Seek(0, io.SeekStart)
	return err
}
