package canvas

import (
	"image"
	"image/draw"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	stdfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

func init() {
	// The same figure is the same file, whenever it is drawn.
	fpdf.SetDefaultCreationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultModificationDate(time.Unix(0, 0).UTC())
	fpdf.SetDefaultCatalogSort(true)
}

// pdf is a PDF of one page. vgpdf can write the characters of one code page only, and
// labels have Greek letters, so text that is not ASCII is drawn as outlines.
type pdf struct{ *vgpdf.Canvas }

func newPDF(width, height vg.Length) Canvas { return pdf{vgpdf.New(width, height)} }

// FillString implements vg.Canvas.
func (c pdf) FillString(face font.Face, at vg.Point, text string) {
	if !strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) {
		c.Canvas.FillString(face, at, text)
		return
	}
	for _, glyph := range outlines(face, at, text) {
		c.Fill(glyph)
	}
}

// DrawImage implements vg.Canvas. The y axis of vgpdf points up and that of images down, which
// it forgets: its images are upside down.
func (c pdf) DrawImage(rect vg.Rectangle, picture image.Image) {
	c.Canvas.DrawImage(rect, flipped(picture))
}

// flipped returns an image upside down.
func flipped(picture image.Image) image.Image {
	b := picture.Bounds()
	turned := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		row := image.Rect(0, b.Dy()-1-y, b.Dx(), b.Dy()-y)
		draw.Draw(turned, row, picture, b.Min.Add(image.Pt(0, y)), draw.Src)
	}
	return turned
}

// outlines returns the outline of each character of a text that begins at a point.
func outlines(face font.Face, at vg.Point, text string) (glyphs []vg.Path) {
	var buffer sfnt.Buffer
	units := fixed.Int26_6(face.Face.UnitsPerEm()) // so that coordinates are the font's own
	scale := face.Font.Size / vg.Length(units)
	for i, r := range text {
		index, err := face.Face.GlyphIndex(&buffer, r)
		if err != nil {
			continue // as other formats do, which leave out what a font does not have
		}
		advance, err := face.Face.GlyphAdvance(&buffer, index, units, stdfont.HintingNone)
		if err != nil {
			continue
		}
		segments, err := face.Face.LoadGlyph(&buffer, index, units, nil)
		if err != nil {
			continue
		}
		left := at.X + face.Width(text[:i+len(string(r))]) - vg.Length(advance)*scale // with kerning
		place := func(p fixed.Point26_6) vg.Point {
			return vg.Point{X: left + vg.Length(p.X)*scale, Y: at.Y - vg.Length(p.Y)*scale}
		}
		if path := outline(segments, place); len(path) > 0 {
			glyphs = append(glyphs, path)
		}
	}
	return glyphs
}

// outline returns the path of a glyph.
func outline(segments sfnt.Segments, place func(fixed.Point26_6) vg.Point) (p vg.Path) {
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if len(p) > 0 {
				p.Close()
			}
			p.Move(place(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			p.Line(place(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			p.QuadTo(place(s.Args[0]), place(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			p.CubeTo(place(s.Args[0]), place(s.Args[1]), place(s.Args[2]))
		}
	}
	if len(p) > 0 {
		p.Close()
	}
	return p
}
