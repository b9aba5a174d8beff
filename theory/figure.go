package theory

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/internal/atomicfile"
	"ergon/internal/canvas"
)

// Drawer is a theory that has a figure.
type Drawer interface {
	// Draw draws a result of the theory's Predict, in one panel or several.
	Draw(*Result) ([]*plot.Plot, error)
}

// The size of a figure of one panel, and of each panel of several, which stand
// in rows of two.
const (
	figureWidth  = 20 * vg.Centimeter
	figureHeight = 13 * vg.Centimeter
	panelWidth   = 12 * vg.Centimeter
	panelHeight  = 9 * vg.Centimeter
)

// Drawable says why no figure of t can be written to path, before there is anything
// to draw: t has none, path names no format, or no directory.
func Drawable(t Theory, path string) error {
	if _, ok := t.(Drawer); !ok {
		return fmt.Errorf("theory %s has no figure", Theories.Name(t))
	}
	if _, err := canvas.FormatOf(path); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// Draw writes the figure of t's result to path, as the format that its
// extension names: see [canvas.FormatOf].
func Draw(t Theory, result *Result, path string) error {
	if err := Drawable(t, path); err != nil {
		return err
	}
	format, err := canvas.FormatOf(path)
	if err != nil {
		return err
	}
	panels, err := t.(Drawer).Draw(result)
	if err != nil {
		return err
	}
	return atomicfile.WriteWith(path, func(w io.Writer) error {
		_, err := arranged(panels, format).WriteTo(w)
		return err
	})
}

// arranged returns the panels on one canvas, in tiles of the same size.
func arranged(panels []*plot.Plot, format string) canvas.Canvas {
	if len(panels) == 1 {
		c := canvas.New(format, figureWidth, figureHeight)
		panels[0].Draw(draw.New(c))
		return c
	}
	rows := (len(panels) + 1) / 2
	c := canvas.New(format, 2*panelWidth, vg.Length(rows)*panelHeight)
	gap := vg.Points(8)
	tiles := draw.Tiles{Rows: rows, Cols: 2, PadX: gap, PadY: gap, PadTop: gap, PadBottom: gap / 2, PadLeft: gap / 2, PadRight: gap}
	whole := draw.New(c)
	for i, p := range panels {
		p.Draw(tiles.At(whole, i%2, i/2))
	}
	return c
}
