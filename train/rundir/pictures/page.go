package pictures

import (
	"fmt"
	"image"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"ergon/internal/canvas"
)

// page is a grid with a title above it, and the scale and a few words below.
type page struct {
	title string
	grid  *grid
	heads []string // of columns; nil: they have none
	scale scale
	words []string // a line each
}

// pixel is the size of a pixel of a PNG.
const pixel = vg.Inch / canvas.Resolution

// Heights and widths of parts of a page.
const (
	margin     = 14 * pixel
	titleSize  = 10 * vg.Length(1)
	wordSize   = 7 * vg.Length(1)
	headSize   = 6 * vg.Length(1)
	lineHeight = 10 * vg.Length(1)
	barWidth   = 160 * pixel
	barHeight  = 10 * pixel
	leastWidth = 480 * pixel // that words have room
)

// draw draws the page.
func (p *page) draw(format string) canvas.Canvas {
	picture := p.grid.paint()
	width, height := vg.Length(picture.Bounds().Dx())*pixel, vg.Length(picture.Bounds().Dy())*pixel
	above := whole(2*margin + titleSize + p.headsHeight())
	below := whole(2*margin + barHeight + lineHeight*vg.Length(len(p.words)))
	total := above + height + below
	paper := canvas.New(format, max(width, leastWidth)+2*margin, total)
	c := draw.New(paper)
	c.FillText(style(titleSize, text.YTop), vg.Point{X: margin, Y: total - margin}, p.title)
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: margin, Y: below}, Max: vg.Point{X: margin + width, Y: below + height}}, picture)
	p.drawHeads(c, below+height)
	p.drawBar(c, below-margin)
	for i, line := range p.words {
		c.FillText(style(wordSize, text.YTop), vg.Point{X: margin, Y: below - margin - barHeight - vg.Length(i)*lineHeight - 4*pixel}, line)
	}
	return paper
}

// whole rounds a length up to whole pixels, so that those of the grid are not smeared.
func whole(length vg.Length) vg.Length {
	return vg.Length(int(length/pixel)+1) * pixel
}

func (p *page) headsHeight() vg.Length {
	if p.heads == nil {
		return 0
	}
	return lineHeight
}

// drawHeads draws the heads of columns above the grid: as many as have room.
func (p *page) drawHeads(c draw.Canvas, top vg.Length) {
	heads, free := style(headSize, text.YBottom), vg.Length(0)
	for i, head := range p.heads {
		left := margin + vg.Length(p.grid.at(i).X)*pixel
		if left < free {
			continue
		}
		c.FillText(heads, vg.Point{X: left, Y: top + 3*pixel}, head)
		free = left + heads.Width(head) + 6*pixel
	}
}

// drawBar draws the scale below the grid, with its ends.
func (p *page) drawBar(c draw.Canvas, top vg.Length) {
	bar := image.NewNRGBA(image.Rect(0, 0, int(barWidth/pixel), int(barHeight/pixel)))
	for x := range bar.Bounds().Dx() {
		for y := range bar.Bounds().Dy() {
			bar.SetNRGBA(x, y, p.scale.of((float64(x)+0.5)/float64(bar.Bounds().Dx())))
		}
	}
	numbers := style(wordSize, text.YCenter)
	low, high := fmt.Sprintf("%.3g", p.scale.low), fmt.Sprintf("%.3g", p.scale.high)
	middle, left := top-barHeight/2, margin+numbers.Width(low)+6*pixel
	c.FillText(numbers, vg.Point{X: margin, Y: middle}, low)
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: left, Y: top - barHeight}, Max: vg.Point{X: left + barWidth, Y: top}}, bar)
	c.FillText(numbers, vg.Point{X: left + barWidth + 6*pixel, Y: middle}, high)
}

// style returns the style of text of a size that begins at its anchor, which is at this height
// of it.
func style(size vg.Length, height text.YAlignment) text.Style {
	return text.Style{Color: black, Font: font.From(plot.DefaultFont, size), Handler: plot.DefaultTextHandler, YAlign: height}
}
