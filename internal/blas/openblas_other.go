//go:build !linux && !darwin && !freebsd

package blas

import "errors"

func loadOpenBLAS() (Library, error) {
	return nil, errors.New("blas: openblas is not looked for on this system; set engine.blas=gonum")
}
