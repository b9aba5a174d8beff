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
mask       alternating  GradientFree DrawnAhead UnitBlock DeviceMask
mask       bernoulli    GradientFree Bitmask DeviceMask
mask       competitive  GradientFree RowPatterned DeviceMask
mask       frozen       GradientFree DrawnAhead UnitBlock DeviceMask
mask       full         GradientFree DrawnAhead DeviceMask
mask       neurons      GradientFree DrawnAhead UnitBlock DeviceMask
mask       per_class    GradientFree UnitBlock DeviceMask
mask       subnet       GradientFree DrawnAhead UnitBlock DeviceMask
mask       synapses     GradientFree DeviceMask
optimizer  adam         DeviceOptimizer Accounted Accumulating
optimizer  bop          Watching Vectorized Accounted Accumulating
optimizer  langevin     Revocable Vectorized Accounted
optimizer  manhattan    Watching Vectorized Accounted
optimizer  momentum     DeviceOptimizer Accounted Accumulating
optimizer  pulsed       Watching Sparse Vectorized Accounted
optimizer  sgd          Proportional Revocable Vectorized DeviceOptimizer Accounted
cache      low_rank     Accumulator Accumulating FactorLearner Seeded WriteCounting
cache      metaplastic  Accumulator Accumulating Seeded WriteCounting
cache      mixed_precision  WrittenOut Accumulator Accumulating GradientFormer Seeded WriteCounting
cache      stochastic_rounding  Accumulator Accumulating Seeded WriteCounting
cache      synaptic     Accounted WrittenOut Accumulating WriteCounting
cache      tiki_taka    Accumulator Accumulating WriteCounting
cache      tiki_taka2   Accumulator Accumulating WriteCounting
synapse    stochastic   Accounted Accumulating
`
	if diff := cmp.Diff(want[1:], got); diff != "" {
		t.Errorf("capabilities of the built-in kinds (-want +got):\n%s", diff)
	}
}
