package bounds

import (
	"context"
	"math"
	"strings"
	"testing"

	"ergon/theory"
	"ergon/theory/theorytest"
)

// The numbers of 784-100-10 and one epoch at 300 K, equation by equation.
func TestBounds(t *testing.T) {
	r := theorytest.Predict(t, "bounds", "n=79510", "d=60000", "temperature=300", "units=110", "p_active=0.5")
	theorytest.NearScalar(t, r, "kt", 4.1419e-21, 1e-4)
	theorytest.NearScalar(t, r, "landauer_bit", 2.8710e-21, 1e-4)
	theorytest.NearScalar(t, r, "dynamic_inference", 110*2.8710e-21, 1e-4)                       // Eq. 5 at p = 1/2: kT ν ln 2
	theorytest.NearScalar(t, r, "dynamic_inference_sparse", 4.1419e-21*55*(1+math.Log(2)), 1e-4) // its form for few active units
	theorytest.NearScalar(t, r, "analog_training", 3.952e-11, 1e-4)                              // Eq. 16
	theorytest.NearScalar(t, r, "digital_training", 1.3148e-9, 1e-4)                             // Eq. 17
	theorytest.NearScalar(t, r, "ratio", 33.271, 1e-4)                                           // 48 ln 2
	if len(r.Scalars) != 7 {
		t.Errorf("%d scalars, want 7", len(r.Scalars))
	}
	cold := theorytest.Predict(t, "bounds", "temperature=3")
	theorytest.NearScalar(t, cold, "digital_training", 1.3148e-11, 1e-4)
	theorytest.NearScalar(t, cold, "ratio", 33.271, 1e-4)
}

// The bounds of a run are those of its size, temperature and measured R.
func TestBoundsOfRun(t *testing.T) {
	r := theorytest.Predict(t, "bounds", "run="+theorytest.RunDirectory(t, theorytest.Summary))
	const kT = 1.380649e-23 * 100
	theorytest.NearScalar(t, r, "kt", kT, 1e-12)
	theorytest.NearScalar(t, r, "dynamic_inference", 5e-21, 1e-12)
	theorytest.NearScalar(t, r, "dynamic_inference_sparse", 6e-21, 1e-12)
	theorytest.NearScalar(t, r, "analog_training", 2*100*1000*kT*1.5, 1e-12)
	const uses = 40*25 + 60 // a convolution's parameters at each position
	theorytest.NearScalar(t, r, "digital_training", 96*math.Ln2*uses*1000*kT, 1e-12)
	theorytest.NearScalar(t, r, "ratio", 48*math.Ln2/1.5*uses/100, 1e-12)
	if r.Params["r"] != 1.5 || r.Params["d"] != 1000.0 {
		t.Errorf("params %v", r.Params)
	}
	bare := theorytest.Predict(t, "bounds", "run="+theorytest.RunDirectory(t, `{"parameters": 1, "energy": {"bounds": {"temperature": 1, "presentations": 1}, "layers": [{"parameters": 1}]}}`))
	if bare.Scalars["dynamic_inference"] != nil || len(bare.Notes) != 5 {
		t.Errorf("not measured: %v, notes %q", bare.Scalars, bare.Notes)
	}
}

func TestWrongRuns(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "has no summary.json",
		"{":                 "unexpected end",
		`{"parameters": 1}`: "holds no bounds",
		`{"parameters": 1, "energy": {"bounds": {}}}`:                 "holds no bounds",
		`{"parameters": 1, "energy": {"bounds": {"temperature": 1}}}`: "holds no layers",
	} {
		dir := t.TempDir()
		if text != "" {
			dir = theorytest.RunDirectory(t, text)
		}
		made, err := theory.New("bounds", []string{"run=" + dir})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := theory.Predict(context.Background(), made); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	if _, err := theory.New("bounds", []string{"run=x", "n=3"}); err == nil || !strings.Contains(err.Error(), "run: brings all other numbers") {
		t.Errorf("a run and a number beside it: %v", err)
	}
}

func TestBoundsConforms(t *testing.T) {
	theorytest.Conform(t, "bounds")
}
