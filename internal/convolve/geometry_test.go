package convolve

import (
	"fmt"
	"slices"
	"testing"
)

// Patches hold the numbers that Pixel says, an image collects what its patches hold, counts
// are those of the patches, and padding comes off again: with one plane and several, depth
// 1 and more, kernels as large as the image and smaller, padding up to all but one row, in
// steps of one and of more, which do or do not come to the image's end.
func TestGeometry(t *testing.T) {
	for _, g := range []Geometry{
		{Planes: 1, Height: 5, Width: 4, Depth: 1, Side: 3},
		{Planes: 1, Height: 5, Width: 4, Depth: 1, Side: 3, Padding: 2},
		{Planes: 2, Height: 6, Width: 7, Depth: 1, Side: 5, Padding: 1},
		{Planes: 3, Height: 8, Width: 7, Depth: 1, Side: 7},
		{Planes: 1, Height: 4, Width: 6, Depth: 5, Side: 2, Padding: 1},
		{Planes: 2, Height: 3, Width: 3, Depth: 4, Side: 1},
		{Planes: 1, Height: 7, Width: 8, Depth: 2, Side: 3, Padding: 1, Stride: 2},
		{Planes: 2, Height: 6, Width: 7, Depth: 1, Side: 3, Stride: 2},
		{Planes: 1, Height: 9, Width: 5, Depth: 3, Side: 2, Padding: 1, Stride: 3},
	} {
		t.Run(fmt.Sprintf("%+v", g), func(t *testing.T) { checkGeometry(t, g) })
	}
}

func checkGeometry(t *testing.T, g Geometry) {
	image := make([]float32, g.Pixels())
	for i := range image {
		image[i] = float32((i*7%11 - 5) * (i % 3)) // a third are zero
	}
	patches, collected := make([]float32, g.Positions()*g.Inputs()), make([]float32, g.Pixels())
	counts := make([]int32, g.Positions())
	for at := range patches {
		if pixel, inside := g.Pixel(at/g.Inputs(), at%g.Inputs()); inside {
			patches[at] = image[pixel]
			collected[pixel] += image[pixel]
			if image[pixel] != 0 {
				counts[at/g.Inputs()]++
			}
		}
	}
	got := make([]float32, len(patches))
	if g.Im2Col(got, image); !slices.Equal(got, patches) {
		t.Errorf("patches\n%v, want\n%v", got, patches)
	}
	back := slices.Repeat([]float32{99}, len(image))
	if g.Col2Im(back, patches); !slices.Equal(back, collected) {
		t.Errorf("collected\n%v, want\n%v", back, collected)
	}
	active := slices.Repeat([]int32{99}, len(counts))
	if g.Active(image, active, nil); !slices.Equal(active, counts) {
		t.Errorf("active inputs\n%v, want\n%v", active, counts)
	}
	padded, cropped := make([]float32, g.Padded().Pixels()), make([]float32, len(image))
	g.Pad(padded, image)
	if g.Crop(cropped, padded); !slices.Equal(cropped, image) {
		t.Errorf("padded and cropped\n%v, want\n%v", cropped, image)
	}
	if g.Padded().Im2Col(got, padded); !slices.Equal(got, patches) {
		t.Errorf("patches of the padded image\n%v, want\n%v", got, patches)
	}
}
