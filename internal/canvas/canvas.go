// Package canvas has what figures are drawn on, one kind for each format in which a
// figure can be written.
package canvas

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// Canvas is something to draw on that can be written.
type Canvas interface {
	vg.CanvasSizer
	io.WriterTo
}

// Resolution is that of a PNG, in dots per inch.
const Resolution = 120

// formats are the formats there are, each with what makes an empty canvas.
var formats = map[string]func(width, height vg.Length) Canvas{
	"pdf": newPDF,
	"png": func(width, height vg.Length) Canvas {
		return vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(width, height), vgimg.UseDPI(Resolution))}
	},
	"svg": newSVG,
}

// Formats returns the names of all formats, sorted.
func Formats() []string { return slices.Sorted(maps.Keys(formats)) }

// FormatOf returns the format that the extension of a path names, in capitals or not. The
// error lists those there are.
func FormatOf(path string) (string, error) {
	format := strings.ToLower(strings.TrimPrefix(filepath.Ext(path), "."))
	if formats[format] == nil {
		return "", fmt.Errorf("%s: no figure is written as %q; want .%s", path, format, strings.Join(Formats(), ", ."))
	}
	return format, nil
}

// New returns an empty canvas of a format that FormatOf has returned.
func New(format string, width, height vg.Length) Canvas { return formats[format](width, height) }
