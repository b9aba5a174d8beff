package models_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gorgonia.org/tensor"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/engine"
	"ergon/graph/graphtest"
	"ergon/graph/loss"
	"ergon/graph/models"
)

// A worked example, by hand: a kernel of 2×2 on an image of 3×3, one square.
func TestConvolutionByHand(t *testing.T) {
	for name, e := range graphtest.Engines(t) {
		t.Run(name, func(t *testing.T) {
			p := compileConvNet(t, e, &models.ConvNet{
				Height: 3, Width: 3, Channels: []int{1}, Kernel: 2, Pool: 2, Activation: activation.ReLU{}, Output: activation.Linear{},
				Bias: true, Init: models.Zero{}, Loss: loss.MSE{},
			}, 9, 1, []float32{1, 2, 0, -1}, []float32{-1}, []float32{2}, []float32{0.5})
			copy(p.X, []float32{
				1, 2, 0,
				0, 3, 1,
				2, 0, 4,
			})
			p.Target[0] = 10
			run(t, p)
			// z = 2, 1, 6, 1 less the bias 1; the third is the largest, y = 2·5 + 0.5.
			for what, pair := range map[string][2][]float32{
				"units":  {p.Postsynaptic(0), {1, 0, 5, 0}},
				"square": {p.Presynaptic(1), {5}},
				"output": {p.Output(), {10.5}},
				"loss":   {{float32(p.LossValue())}, {0.125}},
				// The output's error is 0.5, the square's 1: that of the unit whose kernel saw 0, 3, 2, 0.
				"dz": {p.Error(0), {0, 0, 1, 0}},
				"dW": {gradient(t, p, 0), {0, 3, 2, 0}}, "db": {gradient(t, p, 1), {1}},
				"dW of the output": {gradient(t, p, 2), {2.5}}, "db of the output": {gradient(t, p, 3), {0.5}},
			} {
				if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", what, diff)
				}
			}
			active := make([]int32, 4)
			if !p.ActivePatches(0, 0, 1, active) || !slices.Equal(active, []int32{3, 3, 2, 3}) {
				t.Errorf("active inputs %v, want 3, 3, 2, 3", active)
			}
			if p.ActivePatches(1, 0, 1, active) {
				t.Error("a dense layer has patches")
			}
		})
	}
}

// compileConvNet compiles a network with the given weights and biases.
func compileConvNet(t *testing.T, e engine.Engine, spec *models.ConvNet, inputs, outputs int, arrays ...[]float32) *graph.Program {
	t.Helper()
	model, err := spec.New(inputs, outputs, 0)
	if err != nil {
		t.Fatal(err)
	}
	for l, layer := range model.Layers() {
		copy(layer.W, arrays[2*l])
		copy(layer.B, arrays[2*l+1])
	}
	p, err := graph.CompileTraining(model, e, 1, graph.Backward{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func gradient(t testing.TB, p *graph.Program, array int) []float32 {
	t.Helper()
	g, err := p.Parameters()[array].Grad()
	if err != nil {
		t.Fatal(err)
	}
	return g.(*tensor.Dense).Float32s()
}

// A convolution is its definition, looked up place by place; what is counted of its
// patches is what they hold. Two planes, padding, and pooling that leaves a column out.
func TestConvolutionIsItsDefinition(t *testing.T) {
	const height, width, planes, side, padding, channels, batch = 5, 6, 2, 3, 1, 4, 3
	engine := graphtest.Engines(t)["cpu-gonum"]
	spec, _ := graph.Kinds.New("convnet")
	c := spec.(*models.ConvNet)
	c.Height, c.Width, c.Kernel, c.Padding, c.Channels = height, width, side, padding, []int{channels, 2}
	model, err := c.New(planes*height*width, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := graph.Compile(model, engine, batch)
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.X {
		p.X[i] = float32(i*31%17-8) * float32(i%3)
	}
	if err := p.Run(); err != nil {
		t.Fatal(err)
	}
	// see returns a number of an image, 0 outside.
	see := func(b, plane, y, x int) float64 {
		if y < 0 || y >= height || x < 0 || x >= width {
			return 0
		}
		return float64(p.X[((b*planes+plane)*height+y)*width+x])
	}
	w, at := model.Layers()[0].W, 0
	for b := range batch {
		for y := range height {
			for x := range width {
				for channel := range channels {
					z := 0.0
					for plane := range planes {
						for ky := range side {
							for kx := range side {
								z += see(b, plane, y+ky-padding, x+kx-padding) * float64(w[((plane*side+ky)*side+kx)*channels+channel])
							}
						}
					}
					if got := float64(p.Postsynaptic(0)[at]); got-max(z, 0) > 1e-4 || max(z, 0)-got > 1e-4 {
						t.Fatalf("presentation %d, place %d, %d, channel %d: %v, by definition %v", b, y, x, channel, got, max(z, 0))
					}
					at++
				}
			}
		}
	}
	for l, layer := range model.Layers()[:2] {
		checkActive(t, p, l, layer)
	}
}

func checkActive(t *testing.T, p *graph.Program, l int, layer *graph.Layer) {
	t.Helper()
	active, want := slices.Repeat([]int32{99}, 2*layer.Rows()), make([]int32, 2*layer.Rows())
	for row := range want {
		for _, v := range p.Presynaptic(l)[(layer.Rows()+row)*layer.In:][:layer.In] {
			if v != 0 {
				want[row]++
			}
		}
	}
	if !p.ActivePatches(l, 1, 3, active) || !slices.Equal(active, want) {
		t.Errorf("%s: active inputs of presentations 2 and 3 are\n%v, want\n%v", layer.Name, active, want)
	}
}

// Of equal units the first gets the error, and no other.
func TestPoolingOfEqualUnits(t *testing.T) {
	for name, e := range graphtest.Engines(t) {
		p := compileConvNet(t, e, &models.ConvNet{
			Height: 2, Width: 2, Channels: []int{1}, Kernel: 1, Pool: 2, Activation: activation.Linear{}, Output: activation.Linear{},
			Bias: true, Init: models.Zero{}, Loss: loss.MSE{},
		}, 4, 1, []float32{1}, []float32{0}, []float32{1}, []float32{0})
		copy(p.X, []float32{1, 3, 2, 3})
		run(t, p)
		if diff := cmp.Diff([]float32{0, 3, 0, 0}, p.Error(0)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Where sizes do not fit, the error names the setting.
func TestConvNetDoesNotFit(t *testing.T) {
	for want, change := range map[string]func(*models.ConvNet){
		"height: images of 27×28 pixels":                             func(c *models.ConvNet) { c.Height = 27 },
		"channels: is empty":                                         func(c *models.ConvNet) { c.Channels = nil },
		"kernel: 29×29 does not fit into the 28×28 of convolution 1": func(c *models.ConvNet) { c.Kernel = 29 },
		"kernel: 5×5 does not fit into the 4×4 of convolution 3":     func(c *models.ConvNet) { c.Channels = []int{2, 2, 2} },
		"kernel: 17×17 does not fit into the 6×6 of convolution 2":   func(c *models.ConvNet) { c.Kernel = 17 },
		"kernel: convolution 2 lays out":                             func(c *models.ConvNet) { c.Channels, c.Padding = []int{50000, 2}, 2 },
		"pool: 9×9 does not fit into the 8×8 units of convolution 1": func(c *models.ConvNet) { c.Kernel, c.Pool = 21, 9 },
		"padding: 5 lets kernels of 5×5":                             func(c *models.ConvNet) { c.Padding = 5 },
		"channels: the network has":                                  func(c *models.ConvNet) { c.Channels, c.Kernel = []int{20000, 20000}, 2 },
		"loss: softmax_xent over a single output":                    func(c *models.ConvNet) { c.Channels = []int{1} },
	} {
		spec, _ := graph.Kinds.New("convnet")
		change(spec.(*models.ConvNet))
		outputs := 10
		if strings.HasPrefix(want, "loss") {
			outputs = 1
		}
		if _, err := spec.New(784, outputs, 0); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s…", err, want)
		}
	}
}

// The rows and columns of images are the data's, whatever is set; vectors have none.
func TestConvNetTakesTheShapeOfTheData(t *testing.T) {
	for _, c := range []struct {
		height, width int
		shape         []int
		want          string // rows×columns, or the error
	}{
		{13, 11, []int{13, 11}, "13×11"},
		{0, 0, []int{13, 11}, "13×11"},
		{13, 0, []int{13, 11}, "13×11"},
		{0, 0, []int{3, 13, 11}, "13×11"},
		{11, 13, []int{13, 11}, "height: images of 11×13, and those of the data are 13×11"},
		{13, 13, []int{13, 11}, "width: images of 13×13, and those of the data are 13×11"},
		{39, 11, []int{3, 13, 11}, "height: images of 39×11, and those of the data are 13×11"}, // planes below each other
		{2, 2, []int{28, 28}, "height: images of 2×2, and those of the data are 28×28"},        // 196 planes
		{0, 0, []int{7, 6}, "pool: 2×2 does not fit"},                                          // with a kernel of 6
		{10, 10, []int{200}, "10×10"},
		{0, 10, []int{200}, "height: 0, and the data are vectors of 200 numbers"},
		{10, 0, []int{200}, "width: 0, and the data are vectors of 200 numbers"},
	} {
		spec, _ := graph.Kinds.New("convnet")
		s := spec.(*models.ConvNet)
		s.Height, s.Width, s.Kernel, s.Channels = c.height, c.width, 6, []int{2}
		got := ""
		if fitted, err := s.ForShape(c.shape); err != nil {
			got = err.Error()
		} else {
			got = fmt.Sprintf("%d×%d", fitted.(*models.ConvNet).Height, fitted.(*models.ConvNet).Width)
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%d×%d on data of %v: got %s, want %s", c.height, c.width, c.shape, got, c.want)
		}
		if s.Height != c.height || s.Width != c.width {
			t.Errorf("%d×%d on data of %v: the spec itself was changed", c.height, c.width, c.shape)
		}
	}
	spec, _ := graph.Kinds.New("convnet")
	spec.(*models.ConvNet).Height = 0
	if model, err := graph.NewModel(spec, []int{2, 28, 14}, 10, 0); err == nil || model != nil {
		t.Errorf("28×28 on data of 28×14: %v, %v", model, err)
	}
	if _, err := (&models.ConvNet{Channels: []int{1}, Kernel: 2, Pool: 1}).New(4, 2, 0); err == nil {
		t.Error("a network of no size is built where the data's is not known")
	}
}

// Runs of convolutions allocate nothing either.
func TestConvNetAllocatesNothing(t *testing.T) {
	for name, e := range graphtest.Engines(t) {
		if name == "reference" {
			continue
		}
		for _, batch := range []int{1, 8} {
			p := convNet(t, e, batch)
			if n := testing.AllocsPerRun(10, func() { run(t, p) }); n >= 1 {
				t.Errorf("%s, batch %d: %v allocations per run", name, batch, n)
			}
		}
	}
}

// Results do not depend on the number of threads, to the bit.
func TestConvNetOnAnyNumberOfThreads(t *testing.T) {
	for _, library := range []string{"auto", "gonum"} {
		var first *graph.Program
		for _, threads := range []int{1, 2, 5} {
			e, err := engine.Spec{Device: "cpu", BLAS: library, Threads: threads}.Open()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(e.Close)
			p := convNet(t, e, 33)
			run(t, p)
			if first == nil {
				first = p
			}
			for array := range p.Parameters() {
				if !slices.Equal(gradient(t, p, array), gradient(t, first, array)) {
					t.Errorf("%s, %d threads: gradient %d differs from that of one thread", library, threads, array)
				}
			}
			if p.LossValue() != first.LossValue() {
				t.Errorf("%s, %d threads: loss %v, of one thread %v", library, threads, p.LossValue(), first.LossValue())
			}
		}
	}
}
