// Package launch hands a benchmark's cells to others: to this machine, to a Slurm cluster,
// to Kubernetes.
//
// A sweep is a benchmark's folder with a list of its cells ([Sweep], sweep.json): of each
// the config, its hash, and what data and price tables hold, as they were at submission.
// Neighbours in the list form packs. A [Launcher] has packs run, wherever it may be, by the
// one contract
//
//	ergon sweep work DIR --index I
//
// which runs what is not finished of a pack and ends with exit code 0 (all done), 75 (not
// all done: call it again) or 1 (a cell failed, and the others are done). Results are the
// run directories in DIR/cells, as those of `ergon bench`; a list of what was submitted and
// why cells failed lies in DIR/launch. Nothing else is remembered: who is asked what became
// of a cell looks at its run directory, and schedulers only explain why it is not there yet.
package launch
