package masks

import (
	"math"
	"testing"

	G "gorgonia.org/gorgonia"
	"pgregory.net/rapid"

	"ergon/internal/parallel"
	"ergon/internal/philox"
)

// product is a parameter whose gradient is a product, computed when asked for.
type product struct {
	parameter
	x, dz          []float32
	in, out, batch int
	computed       bool
	asked          *int // how often gradients were written out
}

var _ Factored = (*product)(nil)

// Grad implements gorgonia.ValueGrad.
func (p *product) Grad() (G.Value, error) {
	if !p.computed {
		p.computed = true
		*p.asked++
		return p.gradient, p.Part(nil, nil, p.gradient.Float32s())
	}
	return p.gradient, nil
}

// Factors implements Factored.
func (p *product) Factors() (x, dz []float32, ok bool) { return p.x, p.dz, !p.computed }

// Part implements Factored.
func (p *product) Part(pre, post []int32, part []float32) error {
	if pre == nil {
		pre = Range(0, p.in, nil)
	}
	if post == nil {
		post = Range(0, p.out, nil)
	}
	for r, i := range pre {
		for c, o := range post {
			sum := float32(0)
			for b := range p.batch {
				sum += p.x[b*p.in+int(i)] * p.dz[b*p.out+int(o)]
			}
			part[r*len(post)+c] = sum
		}
	}
	return nil
}

// Each implements Factored, in blocks of four rows and five columns.
func (p *product) Each(learn func(r0, r1, c0, c1 int, dw []float32, stride int)) error {
	dw := make([]float32, p.in*p.out)
	if err := p.Part(nil, nil, dw); err != nil {
		return err
	}
	for r := 0; r < p.in; r += 4 {
		for c := 0; c < p.out; c += 5 {
			learn(r, min(r+4, p.in), c, min(c+5, p.out), dw[r*p.out+c:], p.out)
		}
	}
	return nil
}

// products makes the parameters of layers, with those of weights as products,
// and the presentation that a step's gradients come from. Every other input is 0.
func products(layers []Layer, seed, step uint64, batch int, asked *int) (parameters []G.ValueGrad, p Presentation) {
	stream := philox.New(seed, "test/factors")
	p = Presentation{Batch: batch}
	for b := range batch {
		p.Labels = append(p.Labels, int32(stream.Intn(step, uint64(b), classes)))
	}
	at := uint64(1000)
	draw := func(n int) []float32 {
		list := make([]float32, n)
		for i := range list {
			if at++; stream.Uint32(step, at)%2 == 0 {
				list[i] = float32(stream.Normal(step, at+1<<40))
			}
		}
		return list
	}
	p.Activity = append(p.Activity, draw(batch*layers[0].In))
	for l, layer := range layers {
		p.Activity, p.Errors = append(p.Activity, draw(batch*layer.Out)), append(p.Errors, draw(batch*layer.Out))
		x, dz := p.Activity[l], p.Errors[l]
		parameters = append(parameters, &product{
			parameter: parameter{dense(layer.In, layer.Out), dense(layer.In, layer.Out)},
			x:         x, dz: dz, in: layer.In, out: layer.Out, batch: batch, asked: asked,
		})
		if layer.Bias {
			bias := parameter{dense(1, layer.Out), dense(1, layer.Out)}
			for i, d := range dz {
				bias.gradient.Float32s()[i%layer.Out] += d
			}
			parameters = append(parameters, bias)
		}
	}
	return parameters, p
}

func synapsesOf(p G.ValueGrad) []float32 {
	if f, ok := p.(*product); ok {
		return f.weights()
	}
	return p.(parameter).weights()
}

// Learning from factors, or from the part of a gradient that the masks let
// through, leaves the bits that learning from the gradient does.
func TestFactoredEqualsReference(t *testing.T) {
	pool := parallel.New(3)
	defer pool.Close()
	spared := 0
	rapid.Check(t, func(t *rapid.T) {
		layers := drawLayers(t)
		rule := drawRule(t, layers)
		if rapid.Bool().Draw(t, "plain") {
			rule.Optimizer = &SGD{LearningRate: 0.1, Half: 2}
			rule.Clip = drawValueClip(t, 0.05, layers)
		}
		seed, batch := rapid.Uint64().Draw(t, "seed"), rapid.SampledFrom([]int{1, 1, 3}).Draw(t, "batch")
		net := Network{Layers: layers, Classes: classes}
		fast, err := NewUpdater(rule, net, seed, pool)
		if err != nil {
			t.Fatal(err)
		}
		slow, err := NewReference(rule, net, seed)
		if err != nil {
			t.Fatal(err)
		}
		var before [][]float32
		for step := range uint64(3) {
			asked, ignored := 0, 0
			a, presented := products(layers, seed, step, batch, &asked)
			b, _ := products(layers, seed, step, batch, &ignored)
			if before == nil {
				before = weights(network(layers, seed))
			}
			for i := range a {
				copy(synapsesOf(a[i]), before[i])
				copy(synapsesOf(b[i]), before[i])
			}
			fast.Present(presented)
			slow.Present(presented)
			if err := fast.Step(a); err != nil {
				t.Fatal(err)
			}
			if err := slow.Step(b); err != nil {
				t.Fatal(err)
			}
			spared += len(layers) - asked
			for i := range a {
				got, want := synapsesOf(a[i]), synapsesOf(b[i])
				for j := range got {
					if math.Float32bits(got[j]) != math.Float32bits(want[j]) && got[j] != want[j] {
						t.Fatalf("step %d, array %d: synapse %d is %v, want %v", step, i, j, got[j], want[j])
					}
				}
				before[i] = append([]float32(nil), got...)
			}
			for l, got := range fast.Changes() {
				want := slow.Changes()[l]
				if got.M0 != want.M0 || got.Stored != want.Stored || math.Abs(got.M1-want.M1) > 1e-12*want.M1 {
					t.Fatalf("step %d, layer %d: counted %+v, a recount gives %+v", step, l+1, got, want)
				}
			}
		}
	})
	if spared < 50 {
		t.Errorf("only %d gradients were not written out", spared)
	}
}

// Gradients that nobody looks at are not computed, and others are.
func TestGradientsWrittenOut(t *testing.T) {
	layers := []Layer{{In: 40, Out: 30, Bias: true}, {In: 30, Out: 5, Bias: true}}
	for _, c := range []struct {
		name  string
		mask  MaskSpec
		batch int
		want  int
	}{
		{"full, one presentation", &Full{}, 1, 0},
		{"full, a batch", &Full{}, 4, 0},
		{"bernoulli, one presentation", &Bernoulli{0.5, "step", Scope{}}, 1, 0},
		{"bernoulli, a batch", &Bernoulli{0.5, "step", Scope{}}, 4, 2},
		{"neurons, a batch", &Neurons{0.3, "both", "step", Scope{}}, 4, 0},
		{"frozen, a batch", &Frozen{Scope{Layers: []int{1}}}, 4, 0},
		{"largest of one presentation", &Competitive{Share: Share{P: []float64{0.1}}, Among: "layer", Order: "largest", By: "update", Scope: Scope{Biases: true}}, 1, 0},
		{"largest of a batch", &Competitive{Share: Share{P: []float64{0.1}}, Among: "layer", Order: "largest", By: "update", Scope: Scope{Biases: true}}, 4, 2},
		{"smallest of one presentation", &Competitive{Share: Share{P: []float64{0.1}}, Among: "layer", Order: "smallest", By: "update"}, 1, 0},
		{"largest onto neurons of one presentation", &Competitive{Share: Share{P: []float64{0.1}}, Among: "neuron", Order: "largest", By: "update"}, 1, 0},
		{"a mask that looks", &steep{threshold: 0.1}, 1, 2},
	} {
		rule := Default()
		rule.Mask, rule.Optimizer = []MaskSpec{c.mask}, &SGD{LearningRate: 0.1}
		u, err := NewUpdater(rule, Network{Layers: layers, Classes: classes}, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		parameters, presented := products(layers, 1, 0, c.batch, &asked)
		u.Present(presented)
		if err := u.Step(parameters); err != nil {
			t.Fatal(err)
		}
		if asked != c.want {
			t.Errorf("%s: %d gradients were written out, want %d", c.name, asked, c.want)
		}
	}
}
