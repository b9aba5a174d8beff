// Streams, their captures, and graphs: lists of work. A stream does its work as
// late as it may, when somebody waits for it: a copy from memory that was
// changed too early, or the use of what has not arrived, then shows.
#include <string.h>

#include "stub.h"

typedef struct Item {
  Work run;
  int x, y;
  size_t bytes;
  struct Item *next;
  char data[] __attribute__((aligned(16)));
} Item;

// A List is also a graph; its executable is the same list.
typedef struct {
  Item *first, **end;
  int length;
} List;

struct CUstream_st {
  List waiting;
  List *recording; // of the capture in progress
};

struct CUevent_st {
  CUstream stream; // in which it was recorded last, or null
  int recorded, done; // how often; up to which of these the stream has come
};

static void append(List *l, Work run, const void *data, size_t bytes, int x, int y) {
  Item *item = malloc(sizeof *item + bytes);
  *item = (Item){run, x, y, bytes, 0};
  memcpy(item->data, data, bytes);
  if (!l->first) l->end = &l->first;
  *l->end = item;
  l->end = &item->next;
  l->length++;
}

static void drop_first(List *l) {
  Item *item = l->first;
  l->first = item->next;
  l->length--;
  free(item);
}

// advance does work until the event's last record, or all of it.
static void advance(CUstream stream, CUevent until) {
  List *l = &stream->waiting;
  while (l->first && !(until && until->done == until->recorded)) {
    l->first->run(l->first->data, l->first->x, l->first->y);
    drop_first(l);
  }
}

// enqueue bounds what waits, as drivers do.
static void enqueue(CUstream stream, Work run, const void *data, size_t bytes, int x, int y) {
  append(&stream->waiting, run, data, bytes, x, y);
  if (stream->waiting.length > 1000) advance(stream, 0);
}

EXPORT CUresult cuStreamCreate(CUstream *stream, unsigned flags) {
  (void)flags;
  *stream = calloc(1, sizeof **stream);
  return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamDestroy(CUstream stream) {
  advance(stream, 0);
  free(stream);
  return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamSynchronize(CUstream stream) {
  if (stream->recording) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  advance(stream, 0);
  return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus *status) {
  *status = stream->recording ? CU_STREAM_CAPTURE_STATUS_ACTIVE : CU_STREAM_CAPTURE_STATUS_NONE;
  return CUDA_SUCCESS;
}

EXPORT CUresult stub_queue(CUstream stream, Work run, const void *data, size_t bytes, int x, int y) {
  CUcontext context = 0;
  cuCtxGetCurrent(&context);
  if (!context) return CUDA_ERROR_INVALID_CONTEXT;
  if (!stream) return CUDA_ERROR_INVALID_HANDLE; // the default stream cannot be captured: nobody should use it
  if (stream->recording)
    append(stream->recording, run, data, bytes, x, y);
  else
    enqueue(stream, run, data, bytes, x, y);
  return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamBeginCapture(CUstream stream, CUstreamCaptureMode mode) {
  if (stream->recording) return CUDA_ERROR_ILLEGAL_STATE;
  if (mode != CU_STREAM_CAPTURE_MODE_RELAXED) return CUDA_ERROR_INVALID_VALUE; // others are bound to a thread
  stream->recording = calloc(1, sizeof(List));
  return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamEndCapture(CUstream stream, CUgraph *graph) {
  if (!stream->recording) return CUDA_ERROR_ILLEGAL_STATE;
  *graph = (CUgraph)stream->recording;
  stream->recording = 0;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuGraphInstantiateWithFlags(CUgraphExec *executable, CUgraph graph, unsigned long long flags) {
  (void)flags;
  List *from = (List *)graph, *to = calloc(1, sizeof *to);
  *to = *from;
  from->first = 0; // moved, so that destroying the graph leaves the executable whole
  *executable = (CUgraphExec)to;
  return CUDA_SUCCESS;
}

static CUresult destroy(List *l) {
  while (l->first) drop_first(l);
  free(l);
  return CUDA_SUCCESS;
}

EXPORT CUresult cuGraphDestroy(CUgraph graph) { return destroy((List *)graph); }

EXPORT CUresult cuGraphExecDestroy(CUgraphExec executable) { return destroy((List *)executable); }

EXPORT CUresult cuGraphLaunch(CUgraphExec executable, CUstream stream) {
  if (stream->recording) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  for (Item *i = ((List *)executable)->first; i; i = i->next) enqueue(stream, i->run, i->data, i->bytes, i->x, i->y);
  return CUDA_SUCCESS;
}

EXPORT CUresult cuEventCreate(CUevent *event, unsigned flags) {
  (void)flags;
  *event = calloc(1, sizeof **event);
  return CUDA_SUCCESS;
}

EXPORT CUresult cuEventDestroy(CUevent event) { free(event); return CUDA_SUCCESS; }

typedef struct {
  CUevent event;
  int record;
} Mark;

static void mark(const void *data, int x, int y) {
  (void)x, (void)y;
  const Mark *m = data;
  m->event->done = m->record;
}

EXPORT CUresult cuEventRecord(CUevent event, CUstream stream) {
  event->stream = stream;
  Mark m = {event, ++event->recorded};
  return stub_queue(stream, mark, &m, sizeof m, 1, 1);
}

EXPORT CUresult cuEventSynchronize(CUevent event) {
  if (event->stream) advance(event->stream, event);
  return CUDA_SUCCESS;
}
