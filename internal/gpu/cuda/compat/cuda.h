// CUDA 13 gave new signatures to five functions of the driver's interface that
// gorgonia.org/cu v0.9.6 calls with the old ones. This header stands before
// CUDA's own (CGO_CFLAGS="-g -O2 -I$PWD/internal/gpu/cuda/compat") and puts the
// old ones back; with older headers it changes nothing.
#ifndef ERGON_COMPAT_CUDA_H
#define ERGON_COMPAT_CUDA_H

#include_next <cuda.h>

#if CUDA_VERSION >= 13000

static inline CUresult compat_context_create(CUcontext *context, unsigned int flags, CUdevice device) {
  CUctxCreateParams parameters = {0};
  return cuCtxCreate_v4(context, &parameters, flags, device);
}
#undef cuCtxCreate
#define cuCtxCreate compat_context_create

static inline CUmemLocation compat_location(CUdevice device) {
  CUmemLocation location = {0};
  location.type = device == CU_DEVICE_CPU ? CU_MEM_LOCATION_TYPE_HOST : CU_MEM_LOCATION_TYPE_DEVICE;
  location.id = device == CU_DEVICE_CPU ? 0 : device;
  return location;
}

static inline CUresult compat_memory_advise(CUdeviceptr at, size_t bytes, CUmem_advise advice, CUdevice device) {
  return cuMemAdvise_v2(at, bytes, advice, compat_location(device));
}
#undef cuMemAdvise
#define cuMemAdvise compat_memory_advise

static inline CUresult compat_memory_prefetch(CUdeviceptr at, size_t bytes, CUdevice device, CUstream stream) {
  return cuMemPrefetchAsync_v2(at, bytes, compat_location(device), 0, stream);
}
#undef cuMemPrefetchAsync
#define cuMemPrefetchAsync compat_memory_prefetch

static inline CUresult compat_add_dependencies(CUgraph graph, const CUgraphNode *from, const CUgraphNode *to, size_t n) {
  return cuGraphAddDependencies_v2(graph, from, to, 0, n);
}
#undef cuGraphAddDependencies
#define cuGraphAddDependencies compat_add_dependencies

static inline CUresult compat_edges(CUgraph graph, CUgraphNode *from, CUgraphNode *to, size_t *n) {
  return cuGraphGetEdges_v2(graph, from, to, 0, n);
}
#undef cuGraphGetEdges
#define cuGraphGetEdges compat_edges

#endif
#endif
