//go:build !amd64

package convolve

var active *kernels // none
