package theory

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"

	"ergon/internal/atomicfile"
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
	resolution   = 120 // dots per inch of a PNG
)

// Drawable says why no figure of t can be written to path, before there is anything
// to draw: t has none, path names no format, or no directory.
func Drawable(t Theory, path string) error {
	if _, ok := t.(Drawer); !ok {
		return fmt.Errorf("theory %s has no figure", Theories.Name(t))
	}
	if format := formatOf(path); format != "png" && format != "svg" {
		return fmt.Errorf("%s: no figure is written as %q; want .png or .svg", path, format)
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// formatOf is what the extension of a path names.
func formatOf(path string) string { return strings.TrimPrefix(filepath.Ext(path), ".") }

// Draw writes the figure of t's result to path, as the format that its
// extension names, png or svg.
func Draw(t Theory, result *Result, path string) error {
	if err := Drawable(t, path); err != nil {
		return err
	}
	panels, err := t.(Drawer).Draw(result)
	if err != nil {
		return err
	}
	return atomicfile.WriteWith(path, func(w io.Writer) error {
		_, err := arranged(panels, formatOf(path)).WriteTo(w)
		return err
	})
}

// canvas is something to draw on that can be written.
type canvas interface {
	vg.CanvasSizer
	io.WriterTo
}

// arranged returns the panels on one canvas, in tiles of the same size.
func arranged(panels []*plot.Plot, format string) canvas {
	if len(panels) == 1 {
		c := newCanvas(figureWidth, figureHeight, format)
		panels[0].Draw(draw.New(c))
		return c
	}
	rows := (len(panels) + 1) / 2
	c := newCanvas(2*panelWidth, vg.Length(rows)*panelHeight, format)
	gap := vg.Points(8)
	tiles := draw.Tiles{Rows: rows, Cols: 2, PadX: gap, PadY: gap, PadTop: gap, PadBottom: gap / 2, PadLeft: gap / 2, PadRight: gap}
	whole := draw.New(c)
	for i, p := range panels {
		p.Draw(tiles.At(whole, i%2, i/2))
	}
	return c
}

// newCanvas returns an empty one.
func newCanvas(width, height vg.Length, format string) canvas {
	if format == "svg" {
		return vgsvg.New(width, height)
	}
	return vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(resolution))}
}
