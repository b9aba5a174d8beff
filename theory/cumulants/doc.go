// Package cumulants measures what a random mask does to the weights of a real
// run, and predicts it. In the path integral over the masks of
//
//	w_j(t+1) = w_j(t) - M_j(t)·u_j,   u = clip(η·∂L/∂w) at w(t),
//
// each mask is averaged over on its own,
//
//	⟨exp(i·ŵ_j·M_j·u_j)⟩ = exp(i·p_j·ŵ_j·u_j - ½·p_j(1-p_j)·ŵ_j²·u_j² + …),   p_j = ⟨M_j⟩:
//
// a deterministic motion at the effective rate p·η, and a noise of variance
// p(1-p)·u² in each synapse and step. To leading order in η noise adds up along the
// motion without changing it,
//
//	w̄(t+1) = w̄(t) - p·u(w̄(t)),   Var w_j(W) = Σ_t p_j(1-p_j)·u_j(w̄(t))².
//
// What this neglects is that gradients respond to the noise. With the deviation δ from
// the path and the path's own bend s, both to first order in the variance of the noise,
//
//	δ(t+1) = δ(t) - M ⊙ ½[u(w̄+s+δ) - u(w̄+s-δ)] - (M - p) ⊙ ½[u(w̄+s+δ) + u(w̄+s-δ)],
//	s(t+1) = s(t) - p·(½[u(w̄+s+δ) + u(w̄+s-δ)] - u(w̄)):
//
// the difference is the gradient's first derivative along δ, the mean brings in the
// second. What this adds to the variance is averaged over draws of M, against the plain
// noise of the same draws, so that few are enough.
//
// A [Run] is a run of package train, replayed from its config to the step where
// it is looked at; [Run.Measure] walks on from there, with many sequences of
// masks that the run might as well have drawn and the presentations that it had.
package cumulants
