package main

import (
	"errors"
	"fmt"
	"io"

	"ergon/train/rundir"
	"ergon/train/rundir/pictures"
)

// drawFigures draws the figures of a run into a folder, or one to a file, and says which.
func drawFigures(w io.Writer, d rundir.Directory, path string) error {
	written, err := pictures.Draw(d, path)
	for _, file := range written {
		fmt.Fprintf(w, "drawn: %s\n", file)
	}
	switch {
	case errors.Is(err, pictures.ErrNone):
		return usage(fmt.Errorf("--figures: %w", err))
	case err == nil && len(written) == 0:
		return fmt.Errorf("--figures %s: %s has nothing to draw there", path, d)
	}
	return err
}
