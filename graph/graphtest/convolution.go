package graphtest

import (
	"fmt"
	"testing"

	"ergon/graph"
	"ergon/graph/activation"
	"ergon/graph/engine"
	"ergon/graph/models"
)

// ConformConvolutions is Conform for engines that have convolutions, too.
func ConformConvolutions(t *testing.T, e engine.Engine) {
	t.Helper()
	for name, c := range convolutions() {
		for _, batch := range c.batches() {
			n := network{spec: c, inputs: c.planes * c.Height * c.Width, outputs: outputs, batch: batch}
			name := fmt.Sprintf("%s/batch-%d", name, batch)
			t.Run(name, func(t *testing.T) { n.conform(t, e, name) })
		}
	}
}

// convolutional is a network over images of so many planes.
type convolutional struct {
	*models.ConvNet
	planes int
}

// batches are sizes of batches to test with. Of few presentations little is left once mean
// and variance are taken away, and the gradient is a difference of errors much larger
// than itself, which float32 rounds.
func (c convolutional) batches() []int {
	if c.Norm == "batch" {
		return []int{5, 12}
	}
	return []int{1, 3}
}

// convolutions are networks with and without padding, pooling and biases, over
// images of one plane and of several. Where they pool, something is left out.
func convolutions() map[string]convolutional {
	all := map[string]convolutional{}
	add := func(name, response string, planes, padding, pool int, channels, hidden []int) {
		c := newConvNet(response)
		c.Padding, c.Pool, c.Channels, c.Hidden, c.Bias = padding, pool, channels, hidden, planes == 1
		all[name] = convolutional{c, planes}
	}
	add("plain", "leaky_relu", 1, 0, 1, []int{3}, []int{})
	add("two", "tanh", 1, 0, 1, []int{2, 3}, []int{})
	add("pooled", "leaky_relu", 1, 0, 2, []int{3, 2}, []int{})
	add("pooled, split activation", "tanh", 1, 0, 2, []int{2, 2}, []int{5})
	add("padded planes", "softplus", 2, 1, 2, []int{2, 3}, []int{})
	add("planes", "relu", 3, 0, 3, []int{4}, []int{})
	add("one position", "leaky_relu", 1, 0, 1, []int{2, 3}, []int{}) // of the second kernels
	all["one position"].Height, all["one position"].Kernel = 7, 4
	add("strides", "leaky_relu", 2, 1, 1, []int{3, 4}, []int{})
	all["strides"].Strides = []int{1, 2}
	add("strides and pools", "relu", 1, 0, 1, []int{3, 4}, []int{})
	all["strides and pools"].Strides, all["strides and pools"].Pools = []int{2, 1}, []int{1, 2}
	add("averaged", "tanh", 1, 1, 2, []int{3, 5}, []int{})
	all["averaged"].Gather = "average"
	for name, response := range map[string]string{"relu": "relu", "leaky": "leaky_relu", "split": "softplus"} {
		name = "normalised, " + name
		add(name, response, 1, 1, 1, []int{3, 5}, []int{})
		all[name].Norm, all[name].Strides, all[name].Gather = "batch", []int{1, 2}, "average"
	}
	add("normalised, linear", "linear", 1, 1, 1, []int{3, 5}, []int{}) // whose averages would be 0
	all["normalised, linear"].Norm, all["normalised, linear"].Strides = "batch", []int{1, 2}
	add("normalised and pooled", "relu", 2, 1, 2, []int{16, 5}, []int{6})
	all["normalised and pooled"].Norm, all["normalised and pooled"].Last = "batch", models.Last{Fixed: true, Norm: 3}
	return all
}

// newConvNet is a network of images of 8×7 pixels under kernels of 2×2.
func newConvNet(response string) *models.ConvNet {
	spec, _ := graph.Kinds.New("convnet")
	c := spec.(*models.ConvNet)
	c.Height, c.Width, c.Kernel, c.Init = 8, 7, 2, &models.Normal{Std: 0.5}
	c.Activation, _ = activation.Kinds.New(response)
	return c
}
