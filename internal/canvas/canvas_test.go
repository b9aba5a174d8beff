package canvas

import (
	"bytes"
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
