package pictures

import (
	"image"
	"image/color"
	"math"
	"testing"
)

func TestImageShape(t *testing.T) {
	for _, test := range []struct {
		shape                  []int
		visible, height, width int
	}{
		{[]int{28, 28}, 784, 28, 28},
		{[]int{3, 32, 32}, 3072, 96, 32}, // channels below each other
		{[]int{2, 3}, 6, 2, 3},
		{[]int{20}, 20, 4, 5},
		{[]int{28, 28}, 785, 28, 29}, // not the data's: as a square
		{nil, 1, 1, 1},
		{[]int{0, 5}, 7, 3, 3},
		{[]int{math.MaxInt, math.MaxInt}, 2, 1, 2},
	} {
		if h, w := imageShape(test.shape, test.visible); h != test.height || w != test.width || h*w < test.visible {
			t.Errorf("%v of %d units: %d×%d, want %d×%d", test.shape, test.visible, h, w, test.height, test.width)
		}
	}
}

// Every unit is a square of its colour at its place; it is white between tiles, and places
// without a unit have a colour of their own.
func TestPaint(t *testing.T) {
	shade := func(x float64) color.NRGBA { return color.NRGBA{uint8(x), 0, 0, 255} }
	g := &grid{tiles: [][]float64{{1, 2, 3, 4, 5}, {11, 12, 13, 14, 15}, {21, 22, 23, 24, 25}}, height: 2, width: 3, columns: 2, colour: shade}
	const zoom = tileSize / 3
	if g.zoom() != zoom {
		t.Fatalf("zoom %d, want %d", g.zoom(), zoom)
	}
	picture := g.paint()
	if want := image.Pt(2*3*zoom+tileGap, 2*2*zoom+tileGap); picture.Bounds().Max != want {
		t.Fatalf("the grid is %v, want %v", picture.Bounds().Max, want)
	}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			want := white
			column, row := x/(3*zoom+tileGap), y/(2*zoom+tileGap)
			u, v, tile := x%(3*zoom+tileGap)/zoom, y%(2*zoom+tileGap)/zoom, 2*row+column
			switch {
			case u > 2 || v > 1 || tile > 2:
			case 3*v+u == 5:
				want = empty
			default:
				want = shade(float64(10*tile + 3*v + u + 1))
			}
			if got := picture.NRGBAAt(x, y); got != want {
				t.Fatalf("at %d, %d: %v, want %v", x, y, got, want)
			}
		}
	}
}

// A grid is about as wide as it is high.
func TestSquare(t *testing.T) {
	for _, test := range []struct{ tiles, height, width, columns int }{
		{100, 28, 28, 10}, {64, 28, 28, 8}, {1, 28, 28, 1}, {2, 28, 28, 2}, {12, 96, 32, 6},
	} {
		g := &grid{tiles: make([][]float64, test.tiles), height: test.height, width: test.width}
		if g.square(); g.columns != test.columns {
			t.Errorf("%d tiles of %d×%d: %d columns, want %d", test.tiles, test.height, test.width, g.columns, test.columns)
		}
	}
}

func TestScales(t *testing.T) {
	grey := func(x uint8) color.NRGBA { return color.NRGBA{x, x, x, 255} }
	weights := diverging([][]float64{{-0.5, 0}, {2, math.NaN(), math.Inf(-1)}})
	means, wide := ink([][]float64{{0.2, 0.9}}), ink([][]float64{{-1, 3}})
	for name, test := range map[string]struct {
		scale scale
		x     float64
		want  color.NRGBA
	}{
		"zero":       {weights, 0, white},
		"largest":    {weights, 2, vermilion},
		"as far":     {weights, -2, blue},
		"infinite":   {weights, math.Inf(-1), blue},
		"no number":  {weights, math.NaN(), purple},
		"off":        {means, 0, white},
		"on":         {means, 1, black},
		"half":       {means, 0.4, grey(153)},
		"beyond one": {wide, 3, black},
		"middle":     {wide, 0.2, grey(179)}, // 0.3 of 255, rounded
		"no weights": {diverging(nil), 0, white},
		"all alike":  {ink([][]float64{{7, 7}}), 7, black},
	} {
		if got := test.scale.colour(test.x); got != test.want {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
