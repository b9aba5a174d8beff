package canvas

import (
	"bytes"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// svg is an SVG. vgsvg embeds images as PNG and calls them JPEG, which not every reader
// forgives; and readers would smear the pixels of a small image.
type svg struct{ *vgsvg.Canvas }

func newSVG(width, height vg.Length) Canvas { return svg{vgsvg.New(width, height)} }

// WriteTo implements io.WriterTo.
func (c svg) WriteTo(w io.Writer) (int64, error) {
	var text bytes.Buffer
	if _, err := c.Canvas.WriteTo(&text); err != nil {
		return 0, err
	}
	const embedded, right = `xlink:href="data:image/jpg;base64,`, `style="image-rendering:pixelated" xlink:href="data:image/png;base64,`
	n, err := w.Write(bytes.ReplaceAll(text.Bytes(), []byte(embedded), []byte(right)))
	return int64(n), err
}
