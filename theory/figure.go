package theory

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"ergon/internal/atomicfile"
)

// Drawer is a theory that has a figure.
type Drawer interface {
	// Draw draws a result of the theory's Predict.
	Draw(*Result) (*plot.Plot, error)
}

// The size of a figure.
const (
	figureWidth  = 20 * vg.Centimeter
	figureHeight = 13 * vg.Centimeter
)

// Draw writes the figure of t's result to path, as the format that its
// extension names, png or svg.
func Draw(t Theory, result *Result, path string) error {
	drawer, ok := t.(Drawer)
	if !ok {
		return fmt.Errorf("theory %s has no figure", Theories.Name(t))
	}
	format := strings.TrimPrefix(filepath.Ext(path), ".")
	if format != "png" && format != "svg" {
		return fmt.Errorf("%s: no figure is written as %q; want .png or .svg", path, format)
	}
	figure, err := drawer.Draw(result)
	if err != nil {
		return err
	}
	canvas, err := figure.WriterTo(figureWidth, figureHeight, format)
	if err != nil {
		return err
	}
	return atomicfile.WriteWith(path, func(w io.Writer) error {
		_, err := canvas.WriteTo(w)
		return err
	})
}
