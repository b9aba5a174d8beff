package models

import (
	"errors"
	"math"
	"slices"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/loss"
	"ergon/graph/ops"
	"ergon/internal/convolve"
	"ergon/internal/schema"
)

// ConvNet describes a convolutional network: convolutions with pooling, then
// dense layers. A convolution is a layer of synapses like any other, from the
// kernel·kernel·(channels below) inputs that a kernel sees to its channels. A synapse is a
// weight of a kernel; all positions of the image share it. A unit is a channel at a
// position, before pooling.
type ConvNet struct {
	Height     int                   `key:"height" doc:"rows of an image; 0: the data's" in:"[0,65536]"`
	Width      int                   `key:"width" doc:"columns of an image; 0: the data's; inputs of several times height·width are as many planes, one after the other" in:"[0,65536]"`
	Channels   []int                 `key:"channels" doc:"kernels of each convolution" in:"[1,1000000]"`
	Kernel     int                   `key:"kernel" doc:"rows and columns of a kernel, which moves in steps of 1, or as strides says" in:"[1,65536]"`
	Strides    []int                 `key:"strides" doc:"rows and columns from a position of the kernels to the next, one number for each convolution; []: 1" in:"[1,65536]" identity:"nonzero"`
	Padding    int                   `key:"padding" doc:"rows and columns of zeros around an image" in:"[0,65536]"`
	Pool       int                   `key:"pool" doc:"rows and columns of the squares of units whose largest is handed on, after each convolution; what does not fill a square is left out; 1: no pooling" in:"[1,65536]"`
	Pools      []int                 `key:"pools" doc:"pool of each convolution, one number for each; []: pool, for all" in:"[1,65536]" identity:"nonzero"`
	Gather     string                `key:"gather" doc:"what the layer above the convolutions sees of the last: all its units, or the average of each channel over all positions" oneof:"all|average" identity:"nonzero"`
	Norm       string                `key:"norm" doc:"batch: summed inputs of hidden units, of convolutions too, are normalised channel by channel, by mean and variance of the batch while the network learns, by running averages of these when it answers; their scale and their bias then mean nothing, and there is none" oneof:"none|batch" identity:"nonzero"`
	Hidden     []int                 `key:"hidden" doc:"units of each hidden layer between convolutions and output" in:"[1,1000000]"`
	Activation activation.Activation `key:"activation" doc:"response of hidden units, of convolutions too"`
	Output     activation.Activation `key:"output" doc:"response of the output units"`
	Bias       bool                  `key:"bias" doc:"a bias each unit, each channel of a convolution; none where norm is batch, and none in a fixed layer"`
	Last       Last                  `key:"last" doc:"weights of the output layer" identity:"nonzero"`
	Init       Init                  `key:"init" doc:"distribution of the initial weights; biases start at 0"`
	Loss       loss.Loss             `key:"loss" doc:"what the output is compared by"`
}

// Last says whether the output layer learns. With all other layers normalised, weights of
// a given length keep the outputs, and so the loss, at their scale.
type Last struct {
	Fixed bool    `key:"fixed" doc:"they stay as they were drawn: no synapse of them can change, and no rule is asked about them"`
	Norm  float64 `key:"norm" doc:"Euclidean length that they are drawn with, all of them as one vector; 0: as init says" in:"[0,1e6]"`
}

// Validate implements schema's check of fields against each other.
func (l *Last) Validate() error {
	if l.Norm > 0 && !l.Fixed {
		return schema.Fieldf("norm", "%g, and weights that learn do not keep their length; set fixed, or norm 0", l.Norm)
	}
	return nil
}

var _ graph.Shaped = (*ConvNet)(nil)

func init() {
	graph.Kinds.Register("convnet", schema.Doc{
		Summary: "convolutions with pooling, then dense layers",
		Source:  "LeCun, Bottou, Bengio & Haffner 1998",
	}, func() graph.Spec {
		return &ConvNet{
			Height: 28, Width: 28, Channels: []int{8, 16}, Kernel: 5, Pool: 2, Gather: "all", Norm: "none",
			Activation: activation.ReLU{}, Output: activation.Linear{}, Bias: true, Init: He{}, Loss: loss.SoftmaxXent{},
		}
	})
}

// Validate implements schema's check of fields against each other.
func (s *ConvNet) Validate() error {
	switch {
	case len(s.Channels) == 0:
		return schema.Fieldf("channels", "is empty: a network without convolutions is of kind mlp")
	case s.Padding >= s.Kernel:
		return schema.Fieldf("padding", "%d lets kernels of %d×%d see nothing but zeros; take less than %d", s.Padding, s.Kernel, s.Kernel, s.Kernel)
	}
	if err := errors.Join(s.checkEach("strides", s.Strides), s.checkEach("pools", s.Pools)); err != nil {
		return err
	}
	if s.Height == 0 || s.Width == 0 { // as yet unknown
		return nil
	}
	_, err := s.geometries(1)
	return err
}

// checkEach returns an error unless a setting has a number for each convolution, or none.
func (s *ConvNet) checkEach(key string, list []int) error {
	if len(list) == 0 || len(list) == len(s.Channels) {
		return nil
	}
	return schema.Fieldf(key, "%v: %d numbers for %d convolutions; give one for each, or []", list, len(list), len(s.Channels))
}

// ForShape implements graph.Shaped: images have the data's rows and columns. Data that
// are mere vectors are images of whatever size is set.
func (s *ConvNet) ForShape(shape []int) (graph.Spec, error) {
	fitted := *s
	if len(shape) < 2 {
		if s.Height == 0 || s.Width == 0 {
			return nil, schema.Fieldf(s.open(), "0, and the data are vectors of %d numbers without rows and columns; set height and width", shape[0])
		}
		return &fitted, nil
	}
	height, width := shape[len(shape)-2], shape[len(shape)-1]
	if fitted.Height == 0 {
		fitted.Height = height
	}
	if fitted.Width == 0 {
		fitted.Width = width
	}
	if fitted.Height != height || fitted.Width != width {
		key := "height"
		if fitted.Height == height {
			key = "width"
		}
		return nil, schema.Fieldf(key, "images of %d×%d, and those of the data are %d×%d; 0 takes the data's", fitted.Height, fitted.Width, height, width)
	}
	return &fitted, fitted.Validate()
}

// open names a side of the images that is left to the data.
func (s *ConvNet) open() string {
	if s.Height == 0 {
		return "height"
	}
	return "width"
}

// geometries returns the geometry of each convolution of images of so many planes.
func (s *ConvNet) geometries(planes int) (all []convolve.Geometry, err error) {
	f := convolve.Geometry{Planes: planes, Height: s.Height, Width: s.Width, Depth: 1, Side: s.Kernel, Padding: s.Padding}
	for l, channels := range s.Channels {
		f.Stride = s.stride(l)
		if f.Rows() < 1 || f.Columns() < 1 {
			return nil, schema.Fieldf("kernel", "%d×%d does not fit into the %d×%d of convolution %d, padding %d included", s.Kernel, s.Kernel, f.Height+2*f.Padding, f.Width+2*f.Padding, l+1, f.Padding)
		}
		p := s.pooling(l, f)
		if p.Height() < 1 || p.Width() < 1 {
			return nil, schema.Fieldf(s.poolKey(), "%d×%d does not fit into the %d×%d units of convolution %d", p.Side, p.Side, f.Rows(), f.Columns(), l+1)
		}
		if n := float64(f.Positions()) * float64(f.Inputs()); n > maxPatches {
			return nil, schema.Fieldf("kernel", "convolution %d lays out %.3g inputs of kernels for each presentation, more than the %d allowed", l+1, n, maxPatches)
		}
		all = append(all, f)
		f.Planes, f.Height, f.Width, f.Depth = 1, p.Height(), p.Width(), channels
	}
	return all, nil
}

// maxPatches is the most numbers in the patches of a presentation: it keeps a batch of
// hundreds within memory.
const maxPatches = 1 << 24

// pooling returns the max-pooling of the units of convolution l.
func (s *ConvNet) pooling(l int, f convolve.Geometry) ops.MaxPool {
	side := s.Pool
	if len(s.Pools) > 0 {
		side = s.Pools[l]
	}
	return ops.MaxPool{Pool: convolve.Pool{Rows: f.Rows(), Columns: f.Columns(), Channels: s.Channels[l], Side: side}}
}

// poolKey names the setting that pooling follows.
func (s *ConvNet) poolKey() string {
	if len(s.Pools) > 0 {
		return "pools"
	}
	return "pool"
}

// stride returns the steps of the kernels of convolution l.
func (s *ConvNet) stride(l int) int {
	if len(s.Strides) > 0 {
		return s.Strides[l]
	}
	return 1
}

// convNet is the Model of a [ConvNet].
type convNet struct {
	spec       *ConvNet
	geometries []convolve.Geometry // of the convolutions
	layers     []*graph.Layer      // the convolutions, the hidden layers, the output
}

// New implements Spec. The weights of layer l come from the stream "weights/l".
func (s *ConvNet) New(inputs, outputs int, seed uint64) (graph.Model, error) {
	if s.Height == 0 || s.Width == 0 {
		return nil, schema.Fieldf(s.open(), "0 takes the data's, and their shape is not known")
	}
	if inputs < 1 || inputs%(s.Height*s.Width) != 0 {
		return nil, schema.Fieldf("height", "images of %d×%d pixels, and the data have %d inputs: not a multiple", s.Height, s.Width, inputs)
	}
	if err := errors.Join(s.Validate(), loss.CheckOutputs(s.Loss, outputs)); err != nil {
		return nil, err
	}
	geometries, err := s.geometries(inputs / (s.Height * s.Width))
	if err != nil {
		return nil, err
	}
	m := &convNet{spec: s, geometries: geometries}
	total, sizes := 0.0, s.sizes(geometries, outputs)
	for _, size := range sizes {
		total += float64(size.In) * float64(size.Out)
	}
	if total > maxSynapses {
		return nil, schema.Fieldf("channels", "the network has %.3g synapses, more than the %d allowed", total, maxSynapses)
	}
	for l, size := range sizes {
		layer, err := s.newLayer(l, l == len(sizes)-1, size, seed)
		if err != nil {
			return nil, err
		}
		m.layers = append(m.layers, layer)
	}
	return m, nil
}

// newLayer makes layer l of a size, with its initial weights.
func (s *ConvNet) newLayer(l int, last bool, size graph.Layer, seed uint64) (*graph.Layer, error) {
	normalized, fixed := s.Norm == "batch" && !last, s.Last.Fixed && last
	layer := NewLayer(l, size.In, size.Out, s.Init, s.Bias && s.Norm != "batch" && !fixed, seed)
	layer.Positions, layer.Fixed = size.Positions, fixed
	if normalized {
		layer.Averages = make([]float32, 2*size.Out)
		for c := range size.Out {
			layer.Averages[size.Out+c] = 1 // means 0 and variances 1, until there are others
		}
	}
	if fixed && s.Last.Norm > 0 {
		return layer, scaleTo(layer.W, s.Last.Norm)
	}
	return layer, nil
}

// scaleTo scales weights to a length.
func scaleTo(w []float32, norm float64) error {
	square := 0.0
	for _, x := range w {
		square += float64(x) * float64(x)
	}
	if square == 0 {
		return schema.Fieldf("last.norm", "%g, and init draws weights of length 0, which have no direction; take another init", norm)
	}
	for i, x := range w {
		w[i] = float32(float64(x) * norm / math.Sqrt(square))
	}
	return nil
}

// sizes returns the layers without their weights.
func (s *ConvNet) sizes(geometries []convolve.Geometry, outputs int) (layers []graph.Layer) {
	in := 0
	for l, f := range geometries {
		layers = append(layers, graph.Layer{In: f.Inputs(), Out: s.Channels[l], Positions: f.Positions()})
		if in = s.pooling(l, f).Squares(); s.Gather == "average" {
			in = s.Channels[l]
		}
	}
	for _, out := range append(slices.Clone(s.Hidden), outputs) {
		layers = append(layers, graph.Layer{In: in, Out: out})
		in = out
	}
	return layers
}

// Layers implements Model.
func (m *convNet) Layers() []*graph.Layer { return m.layers }

// InputWidth implements Model.
func (m *convNet) InputWidth() int { return m.geometries[0].Pixels() }
