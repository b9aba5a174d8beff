// Package pictures draws what a run of a Boltzmann machine left: its weights, what it dreamt,
// and how its modes grew. It reads files of a run directory and nothing else.
package pictures

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ergon/internal/atomicfile"
	"ergon/internal/canvas"
	"ergon/train/rundir"
)

// ErrNone is the error of a run that has no figures.
var ErrNone = errors.New("no figures: only runs of Boltzmann machines (model.kind=rbm) have them")

// figure is a kind of figure. draw returns nil if the run has nothing to draw in it.
type figure struct {
	name string
	draw func(r *run, format string) canvas.Canvas
}

var figures = []figure{
	{"receptive-fields", (*run).receptiveFields},
	{"samples", (*run).samples},
	{"chains", (*run).chainsOverTime},
	{"singular-values", (*run).singularValues},
}

// Names returns the names of the figures.
func Names() (names []string) {
	for _, f := range figures {
		names = append(names, f.name)
	}
	return names
}

// Check says why nothing can be drawn to path: it names a format, and no figure. A path that
// names no format is that of a folder.
func Check(path string) error {
	if _, err := canvas.FormatOf(path); err != nil || slices.Contains(Names(), nameOf(path)) {
		return nil
	}
	return fmt.Errorf("there is no figure %q; name a folder, or in it one of %s", nameOf(path), strings.Join(Names(), ", "))
}

// nameOf returns the name of a file without its extension.
func nameOf(path string) string {
	return strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

// Draw draws the figures of a run into a folder, which it makes, each as NAME.png; or, if path
// is NAME.FORMAT, that one. It returns the files it has written: a figure for which the run has
// nothing is left out, chains of a machine that enumerates, or singular values before the first
// evaluation. The error of a run of another network is ErrNone.
func Draw(d rundir.Directory, path string) (written []string, err error) {
	if err := Check(path); err != nil {
		return nil, err
	}
	r, err := read(d)
	if err != nil {
		return nil, err
	}
	folder, wanted := path, figures
	format, err := canvas.FormatOf(path)
	if err != nil {
		format = "png"
	} else {
		folder = filepath.Dir(path)
		wanted = slices.DeleteFunc(slices.Clone(figures), func(f figure) bool { return f.name != nameOf(path) })
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	for _, f := range wanted {
		drawn := f.draw(r, format)
		if drawn == nil {
			continue
		}
		file := filepath.Join(folder, f.name+"."+format)
		if folder != path {
			file = path // in its own capitals
		}
		if err := write(file, drawn); err != nil {
			return written, err
		}
		written = append(written, file)
	}
	return written, nil
}

func write(file string, drawn canvas.Canvas) error {
	return atomicfile.WriteWith(file, func(w io.Writer) error {
		_, err := drawn.WriteTo(w)
		return err
	})
}
