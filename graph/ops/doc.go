// Package ops has the ops that network graphs are made of, one a file: their definition,
// their derivative, their code for the processor and what they append to a GPU's launches.
package ops
