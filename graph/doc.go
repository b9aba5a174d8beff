// Package graph builds networks as Gorgonia expression graphs and runs them.
//
// A network is written once, as nodes of a gorgonia.ExprGraph; gorgonia's symbolic
// differentiation adds the backward pass, so errors and gradients are nodes like any
// other. [Compile] and [CompileTraining] hand the graph to an engine, [Lower] leaves it
// on a device for several networks side by side.
//
// This package is the frame and names no kind of anything. A subject has a package, and
// within it one idea a file:
//
//	op           what an op is: its definition in float64, its code for the processor
//	ops          the ops of layers, convolutions and their backward passes
//	activation   kinds of activation
//	loss         kinds of loss
//	models       multilayer perceptron, perceptron, convolutional network, initial weights
//	quasistatic  elastic networks
//	engine       what runs a graph: reference, cpu with its passes, gpu
//	device       what an op appends to the list of launches on a GPU, and the kernels
//	graphtest    the conformance suite of engines
//
// Conventions: matrices are row-major float32; a batch is [B, units]; weights
// are [inputs, outputs], so that column j holds the synapses onto unit j.
package graph
