package cpu

import (
	"testing"

	"ergon/internal/parallel"
	"ergon/masks"
	"ergon/masks/maskstest"
	"ergon/masks/rules"
)

func BenchmarkStep(b *testing.B) {
	layers := []masks.Layer{{In: 784, Out: 512, Bias: true}, {In: 512, Out: 10, Bias: true}}
	scope := masks.Scope{Biases: true}
	for name, list := range map[string][]masks.MaskSpec{
		"dense":         {&rules.Full{}},
		"bernoulli-0.5": {&rules.Bernoulli{P: 0.5, Redraw: "step", Scope: scope}},
		"neurons-0.5":   {&rules.Neurons{P: 0.5, Side: "both", Redraw: "step", Scope: scope}},
		"subnet-0.1":    {&rules.Subnet{K: []int{0}, Fraction: 0.1, Biases: true}},
	} {
		b.Run(name, func(b *testing.B) {
			pool := parallel.New(0)
			defer pool.Close()
			rule := rules.Default()
			rule.Mask, rule.Clip = list, &rules.ClipValue{Bound: []float64{0.01}}
			u, err := NewUpdater(rule, masks.Network{Layers: layers}, 1, pool)
			if err != nil {
				b.Fatal(err)
			}
			parameters := maskstest.Parameters(layers, 1)
			maskstest.Differentiate(parameters, 0)
			b.ReportAllocs()
			for b.Loop() {
				if err := u.Step(parameters); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
