package maskstest

import (
	"pgregory.net/rapid"

	"ergon/masks"
)

// Payer is a Stepper that may pay for updates.
type Payer interface {
	Stepper
	Reserve() masks.Reserve // nil: updates cost nothing
}

// compareReserves compares what two have paid, and checks that nobody has paid what was not there.
func compareReserves(t rapid.TB, fast, slow masks.Reserve) {
	if (fast == nil) != (slow == nil) {
		t.Fatal("a reserve on one side only")
	}
	if fast == nil {
		return
	}
	got, want := fast.Balance(), slow.Balance()
	if got.Income != want.Income || got.Refused != want.Refused || !near(got.Spent, want.Spent) {
		t.Fatalf("balance %+v, by a recount %+v", got, want)
	}
	if got.Left < 0 || got.Initial+got.Income-got.Spent != got.Left {
		t.Fatalf("balance %+v does not close", got)
	}
}
