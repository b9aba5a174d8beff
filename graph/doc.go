// Package graph builds networks as Gorgonia expression graphs and runs them.
//
// A network is written once, as nodes of a gorgonia.ExprGraph made of this
// package's ops; gorgonia's symbolic differentiation adds the backward pass,
// so errors and gradients are nodes like any other. Engines then run the same
// graph: "reference" is Gorgonia's own TapeMachine evaluating every op by its
// obvious float64 loop, "cpu" a straight-line machine with its own buffers, "gpu"
// a list of kernels and products. Lower leaves such a list on the device, for
// several networks side by side. Kernels (*.cu) lie beside their Go twins.
//
// One op, one activation, one loss, one initialiser or one engine is one file.
//
// Conventions: matrices are row-major float32; a batch is [B, units]; weights
// are [inputs, outputs], so that column j holds the synapses onto unit j.
package graph
