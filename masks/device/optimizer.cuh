// Δw of the kept synapses: the counterparts of sgd.go, momentum.go and adam.go in
// masks/rules.
#ifndef ERGON_MASKS_OPTIMIZER_CUH
#define ERGON_MASKS_OPTIMIZER_CUH

#include "update.cuh"

// Δw = -η g
DEVICE float sgd(const Moment *now, float g) { return -now->rate * g; }

// v ← μ v + g, Δw = -η v
DEVICE float momentum(const Plan *p, const Moment *now, float g, float *v) {
  *v = p->decay * *v + g;
  return -now->rate * *v;
}

// m ← β₁ m + (1-β₁) g, v ← β₂ v + (1-β₂) g², Δw = -rate·m/(√(scale·v) + ε)
DEVICE float adam(const Plan *p, const Moment *now, float g, float *m, float *v) {
  *m = p->decay * *m + p->rest * g;
  *v = p->decay2 * *v + p->rest2 * (g * g);
  return -now->rate * *m / (sqrtf(now->scale * *v) + p->small);
}

// proposal returns Δw of a group of four synapses with gradients g. Synapses that are
// not kept get -0, whose addition changes no number, and the optimizer's memory of them
// stays.
DEVICE Four proposal(const PieceWork *at, u32 four, u32 kept, Four g) {
  const Plan *p = at->plan;
  Four delta = g;
  if (at->optimizer == BY_SGD) {
    for (int k = 0; k < 4; k++) delta.x[k] = sgd(&at->now, g.x[k]);
  } else if (at->optimizer == BY_MOMENTUM) {
    Four *first = (Four *)p->first + four, v = *first;
    for (int k = 0; k < 4; k++)
      if (kept >> k & 1) delta.x[k] = momentum(p, &at->now, g.x[k], &v.x[k]);
    *first = v;
  } else {
    Four *first = (Four *)p->first + four, *second = (Four *)p->second + four, m = *first, v = *second;
    for (int k = 0; k < 4; k++)
      if (kept >> k & 1) delta.x[k] = adam(p, &at->now, g.x[k], &m.x[k], &v.x[k]);
    *first = m;
    *second = v;
  }
  for (int k = 0; k < 4; k++)
    if (!(kept >> k & 1)) delta.x[k] = -0.0f;
  return delta;
}

#endif
