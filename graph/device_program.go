package graph

import (
	"errors"
	"fmt"
	"math"
	"slices"

	G "gorgonia.org/gorgonia"

	"ergon/graph/device"
	"ergon/internal/gpu"
)

// DeviceProgram is a model's graph on a device for one batch size, for several
// networks of one shape side by side. Its inputs and results stay there: fill
// X and Target, Queue, and let other kernels read the results.
type DeviceProgram struct {
	Batch    int
	lowering *device.Lowering
	nodes    *differentiated
}

// DevicePlace says where the parameters of several networks lie on a device:
// flat float32 [Networks][Layout.Size], arrays in the order weights, biases (if
// there are any), layer by layer.
type DevicePlace struct {
	Networks  int
	Layout    gpu.Layout
	Weights   gpu.Pointer
	Gradients gpu.Pointer // of the same layout; not used unless for training
}

// Lower builds a model's graph for a batch size and lowers it to a device, with a
// backward pass if it is for training. Of the model, only the shape is used.
func Lower(m Model, d gpu.Device, place DevicePlace, batch int, training bool) (*DeviceProgram, error) {
	building.Lock()
	defer building.Unlock()
	if err := place.check(m); err != nil {
		return nil, err
	}
	nodes, err := build(m, batch, Backward{}, training)
	if err != nil {
		return nil, err
	}
	p := &DeviceProgram{batch, device.NewLowering(d, place.Networks), nodes}
	if err := p.build(place); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// check compares the layout with the model's arrays.
func (place DevicePlace) check(m Model) error {
	if place.Networks < 1 {
		return fmt.Errorf("graph: lowering for %d networks, at least 1 is needed", place.Networks)
	}
	if place.Layout.Size > math.MaxInt32 {
		return fmt.Errorf("graph: a network of %d numbers is too large for a device", place.Layout.Size)
	}
	var sizes []int
	for _, layer := range m.Layers() {
		sizes = append(sizes, len(layer.W))
		if layer.B != nil {
			sizes = append(sizes, len(layer.B))
		}
	}
	if !slices.Equal(sizes, place.Layout.Sizes) {
		return fmt.Errorf("graph: a layout of arrays of %v numbers for a model whose have %v", place.Layout.Sizes, sizes)
	}
	return nil
}

// build places the parameters, gradients, inputs, and then the rest.
func (p *DeviceProgram) build(place DevicePlace) error {
	for a, n := range p.nodes.arrays() {
		offset := place.Layout.Offsets[a]
		p.lowering.Places[n] = device.Operand{At: place.Weights.Plus(offset), Stride: place.Layout.Size, Shape: n.Shape(), Input: true}
		if p.nodes.gradients != nil {
			gradient := p.nodes.gradients[a]
			p.lowering.Places[gradient] = device.Operand{At: place.Gradients.Plus(offset), Stride: place.Layout.Size, Shape: gradient.Shape()}
		}
	}
	if err := p.inputs(); err != nil {
		return err
	}
	if err := p.lowering.Lower(p.nodes.Graph); err != nil {
		return err
	}
	return p.lowering.WarmUp()
}

// inputs places X and Target, and fills both with 1: columns of X beyond the
// data's are constant units.
func (p *DeviceProgram) inputs() error {
	for _, n := range []*G.Node{p.nodes.X, p.nodes.Y} {
		values, err := p.lowering.Reserve(n, true)
		if err != nil {
			return err
		}
		if err := values.Upload(slices.Repeat([]float32{1}, values.Len())); err != nil {
			return err
		}
	}
	return nil
}

// Queue queues one run of the graph, for all networks. It can be captured.
func (p *DeviceProgram) Queue() error { return p.lowering.Queue() }

// Launches returns how many launches and products a run is made of.
func (p *DeviceProgram) Launches() int { return len(p.lowering.Work) }

// X returns where the inputs go: float32 [networks][B,InputWidth]. Columns
// beyond the data's are preset to 1.
func (p *DeviceProgram) X() gpu.Pointer { return p.at(p.nodes.X) }

// Target returns where the targets go: float32 [networks][B,O].
func (p *DeviceProgram) Target() gpu.Pointer { return p.at(p.nodes.Y) }

// Loss returns where the losses are, the means over the batch: float32 [networks].
func (p *DeviceProgram) Loss() gpu.Pointer { return p.at(p.nodes.Loss) }

// Presynaptic returns the input of layer l: X or the activity below, float32
// [networks][B,In].
func (p *DeviceProgram) Presynaptic(l int) gpu.Pointer {
	if l == 0 {
		return p.X()
	}
	return p.Postsynaptic(l - 1)
}

// Postsynaptic returns the activity of the units of layer l, float32
// [networks][B,Out].
func (p *DeviceProgram) Postsynaptic(l int) gpu.Pointer { return p.at(p.nodes.Activity[l]) }

// Error returns ∂loss/∂z of the summed inputs z of layer l, float32
// [networks][B,Out], in a program for training.
func (p *DeviceProgram) Error(l int) gpu.Pointer { return p.at(p.nodes.errors[l]) }

func (p *DeviceProgram) at(n *G.Node) gpu.Pointer { return p.lowering.Places[n].At }

// Close frees the program's memory, not that of the parameters.
func (p *DeviceProgram) Close() error { return p.lowering.Release() }
