// Package committee follows a two-layer network that learns online from another
// one, the teacher, in the limit of many inputs (Saad & Solla, PRE 52:4225, 1995;
// Goldt et al., NeurIPS 2019), with random masks on what may change.
//
// K hidden units learn from M. Each presentation x ~ N(0, 1_N) is seen once; the
// fields of the units are
//
//	λ_k = w_k·x/√N,   ρ_m = B_m·x/√N,
//
// and with the error Δ = Σ_m A_m g(ρ_m) + σζ - Σ_k v_k g(λ_k) a step is
//
//	w_k ← w_k + M_k ⊙ (η/√N · v_k g'(λ_k)·Δ·x - κ/N · w_k),   v_k ← v_k + M·(η_v/N)·g(λ_k)·Δ.
//
// The state is the overlaps Q = w·w/N, R = w·B/N and v. In the time t = steps/N
// they follow [Equations], which average over Gaussian fields ([Activation]) and
// over masks ([Mask]); [Simulation] takes the steps themselves.
//
// Units of student and teacher are numbered together: 0 … K-1 are the student's,
// K … K+M-1 the teacher's.
package committee
