// Every kernel of Ergon, in one module.
#include "kernel.cuh"
#include "philox.cuh"

#include "../../datasets/gather.cu"
