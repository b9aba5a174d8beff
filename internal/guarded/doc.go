// Package guarded lends tests of assembly memory between pages that must not be
// touched, so that a kernel that reads or writes beside its arrays ends the process.
package guarded
