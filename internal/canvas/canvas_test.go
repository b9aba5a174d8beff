package canvas

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

func TestFormatOf(t *testing.T) {
	for _, format := range Formats() {
		for _, path := range []string{"x." + format, "a/b.c/x." + strings.ToUpper(format), "x." + strings.ToUpper(format[:1]) + format[1:]} {
			if got, err := FormatOf(path); got != format || err != nil {
				t.Errorf("%s: %q, %v, want %s", path, got, err, format)
			}
		}
	}
	for _, path := range []string{"x", "x.", "", ".", "x.jpg", "x.pdf.gz", "pdf", "x.pdf ", "x.png/"} {
		_, err := FormatOf(path)
		if err == nil {
			t.Errorf("%q has a format", path)
			continue
		}
		for _, format := range Formats() {
			if !strings.Contains(err.Error(), "."+format) {
				t.Errorf("%q: %v, which does not name .%s", path, err, format)
			}
		}
	}
}

// drawn is a plot with Greek letters, in a format.
func drawn(t *testing.T, format string) []byte {
	t.Helper()
	p := plot.New()
	p.X.Label.Text, p.Y.Label.Text, p.Title.Text = "mean |Δw| of a step", "Σ|activity|, ⟨η⟩", "plain"
	c := New(format, 8*vg.Centimeter, 6*vg.Centimeter)
	p.Draw(draw.New(c))
	var out bytes.Buffer
	if _, err := c.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Every format is what it says, and the same figure is the same bytes.
func TestFormats(t *testing.T) {
	marks := map[string]string{"pdf": "%PDF-", "png": "\x89PNG", "svg": "<svg"}
	for _, format := range Formats() {
		first := drawn(t, format)
		if mark := marks[format]; mark == "" || !bytes.Contains(first[:min(200, len(first))], []byte(mark)) {
			t.Errorf("%s begins with %q, want %q in it", format, first[:min(60, len(first))], mark)
		}
		if !bytes.Equal(first, drawn(t, format)) {
			t.Errorf("%s: two drawings differ", format)
		}
	}
}

// The outline of a text covers the place that the text has.
func TestOutlines(t *testing.T) {
	face := plot.DefaultFont
	face.Size = 12
	f := font.DefaultCache.Lookup(face, 12)
	const text = "AV Δη |é|" // with kerning between A and V
	at := vg.Point{X: 3, Y: 5}
	glyphs := outlines(f, at, text)
	if len(glyphs) != 7 {
		t.Fatalf("%d outlines, want one for each of 7 characters that are seen", len(glyphs))
	}
	left, right, low, high := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	closed := 0
	for _, path := range glyphs {
		for _, part := range path {
			if part.Type == vg.CloseComp {
				closed++
				continue
			}
			left, right = min(left, float64(part.Pos.X)), max(right, float64(part.Pos.X))
			low, high = min(low, float64(part.Pos.Y)), max(high, float64(part.Pos.Y))
		}
	}
	width, extents := float64(f.Width(text)), f.Extents()
	if math.Abs(left-3) > 1 || math.Abs(right-3-width) > 1 {
		t.Errorf("outlines from %g to %g, want about 3 to %g", left, right, 3+width)
	}
	if low < 5-float64(extents.Descent) || low > 5 || high > 5+float64(extents.Ascent) || high < 5+6 {
		t.Errorf("outlines from %g to %g in height, the line from %g to %g", low, high, 5-float64(extents.Descent), 5+float64(extents.Ascent))
	}
	if closed < len(glyphs)+3 { // A and Δ and é have holes
		t.Errorf("%d closed contours in %d characters", closed, len(glyphs))
	}
}

// Images in a PDF are drawn upside down, which vgpdf makes upright again: looked at with a viewer.
func TestFlipped(t *testing.T) {
	picture := image.NewNRGBA(image.Rect(5, 7, 8, 11))
	for x := 5; x < 8; x++ {
		for y := 7; y < 11; y++ {
			picture.SetNRGBA(x, y, color.NRGBA{uint8(x), uint8(y), 0, 255})
		}
	}
	for x := range 3 {
		for y := range 4 {
			if got, want := flipped(picture).At(x, y), picture.At(5+x, 10-y); got != want {
				t.Errorf("at %d, %d: %v, want %v", x, y, got, want)
			}
		}
	}
}

// An image in an SVG is said to be what it is, a PNG.
func TestImageInSVG(t *testing.T) {
	picture := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	picture.SetNRGBA(2, 1, color.NRGBA{1, 2, 3, 255})
	c := New("svg", 8*vg.Centimeter, 6*vg.Centimeter)
	c.DrawImage(vg.Rectangle{Max: vg.Point{X: 30, Y: 20}}, picture)
	var out bytes.Buffer
	if _, err := c.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(out.String(), `xlink:href="data:image/png;base64,`)
	text, _, closed := strings.Cut(rest, `"`)
	if !found || !closed {
		t.Fatalf("no PNG in %s", out.String())
	}
	got, err := png.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != picture.Bounds() || got.At(2, 1) != picture.At(2, 1) {
		t.Errorf("%v, %v", got.Bounds(), got.At(2, 1))
	}
}
