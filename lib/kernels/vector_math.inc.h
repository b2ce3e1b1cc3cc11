// Elementary functions on vectors.
//
// Coefficients are minimax fits made for these ranges. Errors are the largest seen against double
// over all of a range, under every instruction set; the tests hold the functions to them. NaN stays
// NaN everywhere. No tables, and no divisions where the instruction set has a fast reciprocal.
#pragma once

#include "kernels/simd.inc.h"

namespace rppg {
namespace {

/// x within [low, high]; NaN stays.
[[gnu::always_inline]] inline Vec clamp(Vec x, float low, float high) {
  return maximum(broadcast(low), minimum(broadcast(high), x));
}

/// e^x = 2^n (1 + rest), |rest| < 0.42.
struct SplitExponential {
  WordVec n;  ///< in the bits of a float's exponent: n << 23
  Vec rest;
};

/// 2^n v, where v and the result are normal numbers.
[[gnu::always_inline]] inline Vec times_power(Vec v, WordVec n) {
  return reinterpret_cast<Vec>(reinterpret_cast<WordVec>(v) + n);
}

/// For |x| up to 2^21.
[[gnu::always_inline]] inline SplitExponential split_exponential(Vec x) {
  constexpr float shift = 12582912.0F;  // 1.5 * 2^23: adding it rounds to whole numbers
  const Vec shifted = x * 1.44269504F + shift;
  const Vec n = shifted - shift;
  const Vec r = (x - n * 0.693359375F) + n * 2.12194440e-4F;  // x - n ln 2, within +-0.347
  Vec p = r * 1.3814537829e-3F + 8.36874532758e-3F;
  p = p * r + 4.16683908327e-2F;
  p = p * r + 1.66665203967e-1F;
  p = p * r + 4.99999934319e-1F;
  return {reinterpret_cast<WordVec>(shifted) << 23, p * (r * r) + r};
}

/// e^x for x in [-87.3, 88.7], where it is a normal number. At most 2 units in the last place.
[[gnu::always_inline]] inline Vec exp_in_range(Vec x) {
  const SplitExponential e = split_exponential(x);
  return times_power(e.rest + 1.0F, e.n);
}

/// e^x. At most 2 units in the last place; 0 below -87.3365 (where e^x is no normal number), inf
/// above 88.7228.
[[gnu::always_inline]] inline Vec exp_of(Vec x) {
  constexpr float infinity = __builtin_inff();
  const Vec y = exp_in_range(x);
  const Vec above_zero = x < -87.3365402F ? Vec{} : y;
  return x < 88.7228317F ? above_zero : x + infinity;
}

/// e^x - 1 for x < 0, and 0 above. Relative error at most 3e-7.
[[gnu::always_inline]] inline Vec expm1_below_zero(Vec x) {
  const SplitExponential e = split_exponential(clamp(x, -87.0F, 0.0F));
  const Vec power = times_power(broadcast(1.0F), e.n);
  return power * e.rest + (power - 1.0F);
}

/// ln(1 + t) for t in [0, 1]. Relative error at most 3e-7.
[[gnu::always_inline]] inline Vec log1p_in_unit(Vec t) {
  Vec p = t * 5.23262425486e-3F - 2.9504957685e-2F;
  p = p * t + 7.82254930648e-2F;
  p = p * t - 1.36632067668e-1F;
  p = p * t + 1.91059883527e-1F;
  p = p * t - 2.48429774949e-1F;
  p = p * t + 3.33190962133e-1F;
  p = p * t - 4.99994931119e-1F;
  return p * (t * t) + t;
}

/// Relative error at most 4e-7; beyond +-8.6 it stays where it is there. It may leave [-1, 1] by as
/// little.
[[gnu::always_inline]] inline Vec tanh_of(Vec x) {
  const Vec v = clamp(x, -8.6F, 8.6F);
  const Vec u = v * v;
  Vec p = u * 1.40814483212e-8F + 2.11215957437e-5F;
  p = p * u + 3.52635157822e-3F;
  p = p * u + 1.34068323856e-1F;
  p = p * u + 9.99999986645e-1F;
  Vec q = u * 8.07020448292e-7F + 3.33619010006e-4F;
  q = q * u + 2.59937072291e-2F;
  q = q * u + 4.67401538732e-1F;
  q = q * u + 1.0F;
  return v * p * reciprocal(q);
}

/// 1 / (1 + e^-x). Relative error at most 4e-7 down to -87; below, it stays at e^-87.
[[gnu::always_inline]] inline Vec sigmoid_of(Vec x) {
  return reciprocal(1.0F + exp_in_range(clamp(-x, -87.0F, 87.0F)));
}

/// Relative error at most 4e-7; beyond +-3.85 it stays where it is there.
[[gnu::always_inline]] inline Vec erf_of(Vec x) {
  const Vec v = clamp(x, -3.85F, 3.85F);
  const Vec u = v * v;
  Vec p = u * 2.10826785283e-6F + 2.85676043615e-4F;
  p = p * u + 3.67399165852e-3F;
  p = p * u + 5.24798945934e-2F;
  p = p * u + 1.87899148477e-1F;
  p = p * u + 1.12837915099F;
  Vec q = u * 3.87318569667e-5F + 1.14551549472e-3F;
  q = q * u + 1.47850151648e-2F;
  q = q * u + 1.13129556378e-1F;
  q = q * u + 4.99854158904e-1F;
  q = q * u + 1.0F;
  return v * p * reciprocal(q);
}

/// ln(1 + e^x), also where e^x overflows. Relative error at most 5e-7 above -87; 0 below.
[[gnu::always_inline]] inline Vec softplus_of(Vec x) {
  return maximum(Vec{}, x) + log1p_in_unit(exp_of(-absolute(x)));
}

/// x sigmoid(x), also called swish.
[[gnu::always_inline]] inline Vec silu_of(Vec x) { return x * sigmoid_of(x); }

/// Its slope, from x and s = sigmoid_of(x).
[[gnu::always_inline]] inline Vec silu_slope(Vec x, Vec s) { return s + s * x * (1.0F - s); }

/// x times the normal distribution function: GELU with erf, not with tanh. Error at most 1.5e-6 for
/// |x| <= 10; within that of 0 for all x < -5.6.
[[gnu::always_inline]] inline Vec gelu_of(Vec x) {
  return 0.5F * maximum(broadcast(-5.6F), x) * (1.0F + erf_of(x * 0.707106781F));
}

[[gnu::always_inline]] inline Vec gelu_slope(Vec x) {
  const Vec density = 0.398942280F * exp_in_range(maximum(broadcast(-87.0F), -0.5F * x * x));
  return 0.5F + 0.5F * erf_of(x * 0.707106781F) + x * density;
}

}  // namespace
}  // namespace rppg
