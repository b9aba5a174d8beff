package device

import (
	"ergon/internal/gpu"
	"ergon/masks"
)

// The Go counterparts of the structs of update.cuh and contest.cuh: the same fields in
// the same order, described there.

// tallyRecord is Tally: what a step did to one chunk.
type tallyRecord struct {
	m1         float64
	m0, stored uint32
}

// arrayRecord is Synapses: the shape of one array.
type arrayRecord struct{ offset, n, out, layer uint32 }

// chunkRecord is Piece: where a chunk begins.
type chunkRecord struct{ array, first uint32 }

// stepRecord is Moment: rates and number of a step of one network.
type stepRecord struct {
	rate, scale       float32
	stepLow, stepHigh uint32
}

// setRecord is SynapseSet: the synapses of one array that a mask keeps.
type setRecord struct {
	pre, post, chosen, threshold gpu.Pointer
	kind, pitch                  uint32
	key0, key1, below, redrawn   uint32
	flip, byWeight, perUnit, _   uint32
}

// The kinds of a setRecord.
const (
	keepNothing uint32 = iota
	keepBelow
	keepBetween
	keepChosen
	keepReaching
)

// planRecord is Plan: masks, optimizer and clip of one array of a network.
type planRecord struct {
	sets, first, second gpu.Pointer
	count               uint32
	optimizer           masks.OptimizerForm
	bound               float32
	withinNorm          uint32
}

// The vectors that the norm of a planRecord bounds.
const (
	perNetwork uint32 = iota + 1
	perLayer
)

// competitionRecord is Contest, of contest.cuh.
type competitionRecord struct {
	threshold, bins, keys, plastic, winners gpu.Pointer
	kind, k, least, flip                    uint32
	byWeight, byError, units                uint32
	left, _, _                              uint32
}

// Passes over the keys of a competition, and bins in each: PASSES and BINS of
// contest.cuh.
const (
	competitionPasses = 3
	competitionBins   = 2048
)

// entryRecord is Entry: an array's participation in a competition.
type entryRecord struct{ competition, before uint32 }

// competitionArgs is Contention: the arguments of the kernels of competitions.
type competitionArgs struct {
	update                                 updateArgs
	competitions, entries, columns, values gpu.Pointer
	first, pass, array, batch, byError, _  uint32
}

// updateArgs is Update: the arguments of all kernels of an update.
type updateArgs struct {
	weights, gradients, proposed, squares, scales, tallies gpu.Pointer
	chunks, ends, arrays, plans, norms, steps              gpu.Pointer
	clock, halted                                          gpu.Pointer
	networks, arrayCount, chunkCount, layers, stride, _    uint32
}
