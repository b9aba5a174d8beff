package gpu

// The kernels' PTX is committed, so that building needs no nvcc. Compute
// capability 7.5 is the least that every toolkit from CUDA 11 to 13 can target.
// Products and sums are rounded one by one, as kernel.cuh promises.

//go:generate nvcc -O3 -fmad=false -ptx -arch=compute_75 -o kernels.ptx kernels.cu
