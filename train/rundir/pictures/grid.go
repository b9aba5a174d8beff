package pictures

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// imageShape returns height and width of the image of so many visible units that see data of
// a shape: channels are below each other, and what has no rows of its own is laid out in rows,
// as a square or nearly so.
func imageShape(shape []int, visible int) (height, width int) {
	units := 1
	for _, n := range shape {
		if n <= 0 || units > visible/n {
			units = 0
			break
		}
		units *= n
	}
	if len(shape) > 1 && units == visible {
		width = shape[len(shape)-1]
	} else {
		width = int(math.Ceil(math.Sqrt(float64(visible))))
	}
	return (visible + width - 1) / width, width
}

// In pixels.
const (
	tileSize = 56 // of the longer side of a tile, unless it has more units
	tileGap  = 4
)

// grid is images of units, of the same size, in rows and columns.
type grid struct {
	tiles         [][]float64 // [height·width] each, or a little less: the rest is empty
	height, width int         // of a tile, in units
	columns       int
	colour        func(x float64) color.NRGBA
}

// zoom returns how many pixels a unit is wide and high.
func (g *grid) zoom() int { return max(1, tileSize/max(g.height, g.width)) }

// square arranges the tiles in columns so that the grid is about as wide as it is high.
func (g *grid) square() {
	ratio := float64(g.height*g.zoom()+tileGap) / float64(g.width*g.zoom()+tileGap)
	g.columns = max(1, min(len(g.tiles), int(math.Ceil(math.Sqrt(float64(len(g.tiles))*ratio)))))
}

// at returns the corner of tile k in pixels.
func (g *grid) at(k int) image.Point {
	z := g.zoom()
	return image.Pt(k%g.columns*(g.width*z+tileGap), k/g.columns*(g.height*z+tileGap))
}

// size returns how many pixels the grid is wide and high.
func (g *grid) size() image.Point {
	rows := (len(g.tiles) + g.columns - 1) / g.columns
	z := g.zoom()
	return image.Pt(g.columns*(g.width*z+tileGap)-tileGap, rows*(g.height*z+tileGap)-tileGap)
}

// empty is the colour of places without a unit.
var empty = color.NRGBA{235, 235, 235, 255}

// paint returns the grid as an image, white between the tiles.
func (g *grid) paint() *image.NRGBA {
	size, z := g.size(), g.zoom()
	picture := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	for k, tile := range g.tiles {
		corner := g.at(k)
		for u := range g.height * g.width {
			colour := empty
			if u < len(tile) {
				colour = g.colour(tile[u])
			}
			at := corner.Add(image.Pt(u%g.width*z, u/g.width*z))
			draw.Draw(picture, image.Rectangle{at, at.Add(image.Pt(z, z))}, image.NewUniform(colour), image.Point{}, draw.Src)
		}
	}
	return picture
}
