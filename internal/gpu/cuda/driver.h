// What gorgonia.org/cu does not bind, and what a training step does often.
// Each call first makes the device's context that of the calling thread: Go
// moves goroutines between threads, but never during a call of C.
#ifndef ERGON_DRIVER_H
#define ERGON_DRIVER_H

#include <cuda.h>

// Queue is the stream of a device, and the context that it belongs to.
typedef struct {
  CUcontext context;
  CUstream stream;
} Queue;

// driver_initialize is the driver's cuInit; the package's own does nothing.
CUresult driver_initialize(void);

// driver_enter makes the context current; a closed device has none.
CUresult driver_enter(Queue q);

CUresult driver_launch(Queue q, void *function, unsigned x, unsigned y, unsigned threads, void *arguments);
CUresult driver_zero(Queue q, CUdeviceptr at, size_t bytes);

CUresult driver_capture_begin(Queue q);
// driver_capture_end makes a graph that can be launched of what was recorded,
// or forgets it where executable is null.
CUresult driver_capture_end(Queue q, void **executable);
CUresult driver_graph_launch(Queue q, void *executable);
CUresult driver_graph_destroy(void *executable);

// driver_pinned allocates memory of the host that the device can read by itself.
CUresult driver_pinned(Queue q, size_t bytes, void **memory);
CUresult driver_pinned_free(Queue q, void *memory);

// driver_name returns the name of a code, such as CUDA_ERROR_OUT_OF_MEMORY.
const char *driver_name(CUresult code);

#endif
