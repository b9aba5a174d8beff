package masks

// Way says how much of an array's gradient dW a step had in memory. It changes no result, only the
// time of a step.
type Way uint8

// The ways, the cheapest first.
const (
	FromFactors Way = iota // nothing of it: Δw came from the factors x ⊗ dz of one presentation
	FromPart               // the rows and columns that the masks keep
	FromBlocks             // one block after the other, each while it was in cache
	FromAll                // all of it
	Ways                   // how many ways there are
)

// String names the way.
func (w Way) String() string { return [Ways]string{"factors", "part", "blocks", "written"}[w] }
