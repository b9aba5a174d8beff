// Package meter measures joules that were really drawn: differences of the
// energy counters that the hardware keeps, of processors and memory by RAPL and
// of NVIDIA GPUs by NVML.
//
// Counters are read when a window begins and ends, never step by step; only in
// windows long enough for a counter to start again from 0 are they read in
// between. A counter belongs to a part of the machine, not to a process: what
// else runs there at the same time is measured too.
//
// What is not known is an error that says why and what to do, never 0. The error
// of a reading comes from how fine a counter is and how often it is brought up to
// date; how well the hardware knows its own power, some per cent, is not in it.
package meter
