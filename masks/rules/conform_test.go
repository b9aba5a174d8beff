package rules_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"ergon/masks/maskstest"
	_ "ergon/masks/rules"
)

// Every registered kind keeps its contract.
func TestKindsConform(t *testing.T) { maskstest.Kinds(t) }

// This table of capabilities is the only test that notices a lost one: the results stay
// right and are computed more slowly. A kind that offers nothing has no line.
func TestWhoOffersWhat(t *testing.T) {
	got, err := maskstest.CapabilityTable()
	if err != nil {
		t.Fatal(err)
	}
	const want = `
gate       none         Local
error      full         Local
clip       none         Local
clip       norm         Local
clip       value        Local
project    none         Local
mask       alternating  GradientFree DrawnAhead UnitBlock DeviceMask
mask       bernoulli    GradientFree Bitmask DeviceMask Local
mask       competitive  GradientFree RowPatterned DeviceMask Local
mask       frozen       GradientFree DrawnAhead UnitBlock DeviceMask Local
mask       full         GradientFree DrawnAhead DeviceMask Local
mask       neurons      GradientFree DrawnAhead UnitBlock DeviceMask
mask       per_class    GradientFree UnitBlock DeviceMask
mask       subnet       GradientFree DrawnAhead UnitBlock DeviceMask
mask       synapses     GradientFree Bitmask DeviceMask Local
optimizer  adam         Vectorized Remembering DeviceOptimizer Accounted Accumulating Local
optimizer  bop          Watching Vectorized Remembering Accounted Accumulating Local
optimizer  langevin     Revocable Vectorized Remembering Accounted Local
optimizer  manhattan    Watching Revocable Vectorized Remembering Accounted Local
optimizer  momentum     Vectorized Remembering DeviceOptimizer Accounted Accumulating Local
optimizer  pulsed       Watching Revocable Sparse Vectorized Accounted
optimizer  sgd          Proportional Revocable Vectorized Remembering DeviceOptimizer Accounted Local
cache      low_rank     Accumulator Accumulating FactorLearner Seeded WriteCounting
cache      metaplastic  Accumulator Accumulating Seeded WriteCounting Local
cache      mixed_precision  WrittenOut Accumulator Accumulating GradientFormer Seeded WriteCounting Local
cache      stochastic_rounding  Accumulator Accumulating Seeded WriteCounting Local
cache      synaptic     Accounted WrittenOut Accumulating WriteCounting Local
cache      tiki_taka    Accumulator Accumulating WriteCounting Local
cache      tiki_taka2   Accumulator Accumulating WriteCounting Local
synapse    stochastic   Accounted Accumulating
`
	if diff := cmp.Diff(want[1:], got); diff != "" {
		t.Errorf("capabilities of the built-in kinds (-want +got):\n%s", diff)
	}
}
