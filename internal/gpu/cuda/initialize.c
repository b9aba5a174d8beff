//go:build gpu

// gorgonia.org/cu calls cuInit when the program starts, and ends the program
// where that fails. This cuInit comes before the driver's for everything that
// is linked into the program: it succeeds and does nothing. Open initializes
// the driver, and can report an error. (It also spares `ergon --help` the start
// of a GPU.) Hidden, so that no shared library finds it.
#define _GNU_SOURCE
#include <dlfcn.h>

#include "driver.h"

__attribute__((visibility("hidden"))) CUresult cuInit(unsigned int flags) {
  (void)flags;
  return CUDA_SUCCESS;
}

CUresult driver_initialize(void) {
  CUresult (*initialize)(unsigned int) = dlsym(RTLD_NEXT, "cuInit");
  return initialize ? initialize(0) : CUDA_ERROR_NOT_FOUND;
}
