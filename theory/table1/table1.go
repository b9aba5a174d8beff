// Package table1 is the theory called table1: a published table of joules per token,
// computed anew.
package table1

import (
	"context"
	"math"

	"ergon/energy/bounds"
	"ergon/internal/schema"
	"ergon/theory"
)

// Table1 computes the table of a paper anew: joules per token of a large
// language model, now and at its bounds (Tkachenko, arXiv 2503.09980, Table 1).
type Table1 struct {
	Temperature float64 `key:"temperature" doc:"in K" in:"(0,inf)"`
}

var _ theory.Theory = (*Table1)(nil)

func init() {
	theory.Theories.Register("table1", schema.Doc{
		Summary: "joules per token of language models, now and at their bounds, beside the printed table",
		Source:  "Tkachenko, arXiv 2503.09980, Table 1",
	}, func() theory.Theory { return &Table1{Temperature: bounds.RoomTemperature} })
}

// What Table 1 is computed from.
const (
	deepSeekParameters = 671e9   // DeepSeek-V3, arXiv 2412.19437
	deepSeekActive     = 37e9    // of them, in each token
	deepSeekTokens     = 14.8e12 // trained on
	deepSeekHours      = 2.788e6 // of H800 GPUs
	h800Power          = 350.0   // W, of the PCIe version: the printed 0.2 J needs it
	h800Dense          = 756e12  // peak 16-bit operations a second
	h800Sparse         = 1513e12 // the same where half of the weights are zero
	a100Power          = 400.0   // W
	a100Dense          = 312e12  // peak 16-bit operations a second
	a100Sparse         = 624e12  // the same where half of the weights are zero
	llamaParameters    = 65.2e9  // Llama-65B, arXiv 2302.13971
	llamaLayers        = 80      // of them
	llamaUnits         = 22016.0 // of a layer's feed-forward part
	llamaWidth         = 8192.0  // of what passes between layers
	llamaJoules        = 4.0     // per output token on A100 GPUs, as quoted
	secondsPerHour     = 3600.0
	agreement          = 1.25 // factor within which a figure of one digit counts as reproduced
)

// cell is a number of the table, as printed and as computed; a number that can be computed
// in several ways has several cells.
type cell struct {
	label, scalar string
	printed, ours float64
}

// cells computes the table at a temperature, in J per token.
func cells(t float64) []cell {
	operation := bounds.LandauerFLOP(t)
	// Operations per token if the GPUs ran at their peak all the time.
	perToken := deepSeekHours * secondsPerHour / deepSeekTokens
	a100Seconds := llamaJoules / a100Power
	return []cell{
		{"inference now, as quoted", "", 4, math.NaN()},
		{"inference, Landauer: 2 N operations", "inference_landauer", 5e-8, bounds.DigitalInference(llamaParameters, t)},
		{"inference, Landauer: dense peak of an A100 for 4 J", "", 5e-8, a100Seconds * a100Dense * operation},
		{"inference, Landauer: sparse peak of an A100 for 4 J", "", 5e-8, a100Seconds * a100Sparse * operation},
		{"inference, dynamic analog: kT a unit", "inference_dynamic", 1e-14, llamaLayers * (llamaUnits + llamaWidth) * bounds.Thermal(t)},
		{"inference, quasi-static (Eq. 7)", "inference_quasi_static", 0, bounds.QuasiStaticInference},
		{"training now: GPU-hours at 350 W", "training_now", 0.2, perToken * h800Power},
		{"training, Landauer: 6 N_a operations (Eq. 17)", "training_landauer", 5e-8, bounds.DigitalTraining(deepSeekActive, 1, t)},
		{"training, Landauer: rounded, 100 N_a kT (Eq. 17)", "training_landauer_rounded", 5e-8, bounds.DigitalTrainingRounded(deepSeekActive, 1, t)},
		{"training, Landauer: GPU-hours at the dense peak", "", 5e-8, perToken * h800Dense * operation},
		{"training, Landauer: GPU-hours at the sparse peak", "training_landauer_gpu_hours", 5e-8, perToken * h800Sparse * operation},
		{"training, analog: 2 N kT (Eq. 16)", "training_analog", 5e-9, bounds.AnalogTraining(deepSeekParameters, 1, t, 1)},
	}
}

// Predict implements Theory.
func (t *Table1) Predict(context.Context) (*theory.Result, error) {
	r := &theory.Result{
		Scalars: map[string]*float64{}, Columns: []string{"printed", "ours", "ours_over_printed", "reproduced"},
		Notes: []string{
			"J per token; inference of Llama-65B, training of DeepSeek-V3; reproduced: 1 within a factor of 1.25, else 0",
			"not reproduced: inference, Landauer. 5e-8 J are 1.09e12 operations a token at 300 K, 8 times 2 N; no peak rate of a GPU gives them either",
			"not reproduced: training, Landauer, by Eq. 17. 5e-8 J are the GPU-hours at the peak for sparse weights, not 6 N_a operations",
			"what language models take now is quoted, not computed; training needs the 350 W of an H800 PCIe (700 W would give 0.475)",
		},
	}
	for _, c := range cells(t.Temperature) {
		ratio, reproduced := c.ours/c.printed, 0.0
		if c.printed == c.ours || max(ratio, 1/ratio) <= agreement {
			reproduced = 1
		}
		if math.IsNaN(c.ours) {
			reproduced = math.NaN()
		}
		r.Labels = append(r.Labels, c.label)
		r.Rows = append(r.Rows, []float64{c.printed, c.ours, ratio, reproduced})
		if c.scalar != "" {
			r.Scalars[c.scalar] = theory.Known(c.ours)
		}
	}
	return r, nil
}
