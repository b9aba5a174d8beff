// The activations of graph/activation. Those that need it are computed
// in double and rounded once.
#ifndef ERGON_ACTIVATION_CUH
#define ERGON_ACTIVATION_CUH

#include "../../internal/gpu/kernel.cuh"

// The numbers of activation/device.go.
enum { LINEAR, RECTIFIER, SIGMOID, TANH, SOFTPLUS, ELU, ERF };

// sigmoid has two branches to keep exp from overflowing.
DEVICE double sigmoid(double z) {
  double e = exp(-fabs(z));
  return z >= 0 ? 1 / (1 + e) : e / (1 + e);
}

// activity is y = f(z). Comparisons are written so that NaN stays NaN.
DEVICE float activity(int kind, float slope, float z) {
  switch (kind) {
  case RECTIFIER: return z > 0 ? z : 0.0f + slope * z;
  case SIGMOID: return (float)sigmoid(z);
  case TANH: return (float)tanh((double)z);
  case SOFTPLUS: return (float)((z > 0 ? (double)z : 0.0) + log1p(exp(-fabs((double)z))));
  case ELU: return z > 0 ? z : (float)expm1((double)z);
  case ERF: return (float)erf(z / 1.4142135623730951);
  }
  return z;
}

// derivative is f'(z), given y of the rectifier and softplus, and z of the others.
DEVICE float derivative(int kind, float slope, float v) {
  switch (kind) {
  case RECTIFIER: return v > 0 ? 1.0f : slope;
  case SIGMOID: return (float)(sigmoid(v) * sigmoid(-(double)v));
  case TANH: {
    double c = cosh((double)v);
    return (float)(1 / (c * c));
  }
  case SOFTPLUS: return (float)-expm1(-(double)v);
  case ELU: return v > 0 ? 1.0f : (float)exp((double)v);
  case ERF: return (float)(0.7978845608028654 * exp(-(double)v * v / 2)); // √(2/π)
  }
  return 1;
}

#endif
