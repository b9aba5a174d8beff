//go:build gpu

#include "driver.h"

CUresult driver_enter(Queue q) { return q.context ? cuCtxSetCurrent(q.context) : CUDA_ERROR_INVALID_CONTEXT; }

CUresult driver_launch(Queue q, void *function, unsigned x, unsigned y, unsigned threads, void *arguments) {
  CUresult code = driver_enter(q);
  if (code) return code;
  void *parameters[] = {arguments}; // a kernel has one, its struct
  return cuLaunchKernel(function, x, y, 1, threads, 1, 1, 0, q.stream, parameters, 0);
}

CUresult driver_zero(Queue q, CUdeviceptr at, size_t bytes) {
  CUresult code = driver_enter(q);
  return code ? code : cuMemsetD8Async(at, 0, bytes, q.stream);
}

// The relaxed mode: the capture may begin and end on different threads, other
// devices of the program may allocate meanwhile, and cuBLAS may load kernels.
CUresult driver_capture_begin(Queue q) {
  CUresult code = driver_enter(q);
  return code ? code : cuStreamBeginCapture(q.stream, CU_STREAM_CAPTURE_MODE_RELAXED);
}

CUresult driver_capture_end(Queue q, void **executable) {
  CUgraph graph = 0;
  CUresult code = driver_enter(q);
  if (code) return code;
  code = cuStreamEndCapture(q.stream, &graph);
  if (!code && executable) code = cuGraphInstantiateWithFlags((CUgraphExec *)executable, graph, 0);
  if (graph) cuGraphDestroy(graph);
  return code;
}

CUresult driver_graph_launch(Queue q, void *executable) {
  CUresult code = driver_enter(q);
  return code ? code : cuGraphLaunch(executable, q.stream);
}

CUresult driver_graph_destroy(void *executable) { return cuGraphExecDestroy(executable); }

CUresult driver_pinned(Queue q, size_t bytes, void **memory) {
  CUresult code = driver_enter(q);
  return code ? code : cuMemHostAlloc(memory, bytes, 0);
}

CUresult driver_pinned_free(Queue q, void *memory) {
  CUresult code = driver_enter(q);
  return code ? code : cuMemFreeHost(memory);
}

const char *driver_name(CUresult code) {
  const char *name = 0;
  return cuGetErrorName(code, &name) ? "an unknown error" : name;
}
