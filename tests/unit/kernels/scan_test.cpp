// The selective scan against its definition in double precision: sizes, chunks, both directions.
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "kernels/kernels.h"
#include "support/compare.h"
#include "support/framed_floats.h"

using namespace rppg;
using test::FramedFloats;

namespace {

using Doubles = std::vector<double>;

struct Sizes {
  Index steps, channels, states;
  Index width() const { return (states + scan_width_unit - 1) / scan_width_unit * scan_width_unit; }
  Index chunks() const { return (steps + scan_chunk - 1) / scan_chunk; }
};

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// Inputs; rows in the order of time, with gaps between the rows of the gate.
struct Inputs {
  Sizes n;
  bool reversed;
  Index gate_row;
  FramedFloats delta, x, gate, b, c, a_log, skip, dout;

  Inputs(const Sizes& sizes, bool backwards)
      : n(sizes),
        reversed(backwards),
        gate_row(sizes.channels + 3),
        delta(n.steps * n.channels, "delta", -3, 2),
        x(n.steps * n.channels, "x", -1, 1),
        gate(n.steps * gate_row, "gate", -3, 3),
        b(n.steps * n.width(), "b", -1, 1),
        c(n.steps * n.width(), "c", -1, 1),
        a_log(n.channels * n.states, "a_log", -2, 4),
        skip(n.channels, "skip", -1, 1),
        dout(n.steps * n.channels, "dout", -1, 1) {
    for (Index t = 0; t < n.steps; ++t) {
      for (Index i = n.states; i < n.width(); ++i) b[t * n.width() + i] = c[t * n.width() + i] = 0;
    }
  }

  Index row(Index step) const { return reversed ? n.steps - 1 - step : step; }
};

/// Everything that the kernels give, in double precision.
struct Expected {
  Doubles out, ddelta, dx, dgate, db, dc, da, dskip;
};

/// One channel: states of all steps, then back through them.
void expect_channel(Inputs& in, Index e, Expected& expected) {
  const Sizes& n = in.n;
  const auto size = [](Index count) { return static_cast<std::size_t>(count); };
  Doubles states(size((n.steps + 1) * n.states));
  Doubles adjoint(size(n.states));
  const auto rate = [&](Index i) {
    return -std::exp(static_cast<double>(in.a_log[e * n.states + i]));
  };
  const auto dt_at = [&](Index at) {
    return std::log1p(std::exp(static_cast<double>(in.delta[at])));
  };
  Doubles y(size(n.steps));
  for (Index step = 0; step < n.steps; ++step) {
    const Index t = in.row(step), at = t * n.channels + e;
    const double dt = dt_at(at), x = in.x[at], gate = in.gate[t * in.gate_row + e];
    double sum = static_cast<double>(in.skip[e]) * x;
    for (Index i = 0; i < n.states; ++i) {
      const double state = std::exp(dt * rate(i)) * states[size(step * n.states + i)] +
                           dt * static_cast<double>(in.b[t * n.width() + i]) * x;
      states[size((step + 1) * n.states + i)] = state;
      sum += state * static_cast<double>(in.c[t * n.width() + i]);
    }
    y[size(step)] = sum;
    expected.out[size(at)] = sum * gate * sigmoid(gate);
  }
  for (Index step = n.steps - 1; step >= 0; --step) {
    const Index t = in.row(step), at = t * n.channels + e;
    const double dt = dt_at(at), x = in.x[at], gate = in.gate[t * in.gate_row + e];
    const double dout = in.dout[at];
    const double dy = dout * gate * sigmoid(gate);
    expected.dgate[size(t * in.gate_row + e)] =
        dout * y[size(step)] * sigmoid(gate) * (1 + gate * (1 - sigmoid(gate)));
    expected.dskip[size(e)] += dy * x;
    double ddt = 0, dx = dy * static_cast<double>(in.skip[e]);
    for (Index i = 0; i < n.states; ++i) {
      const double b = in.b[t * n.width() + i], c = in.c[t * n.width() + i];
      const double decay = std::exp(dt * rate(i));
      const double before = states[size(step * n.states + i)];
      const double dstate = dy * c + adjoint[size(i)];
      expected.dc[size(t * n.width() + i)] += dy * states[size((step + 1) * n.states + i)];
      expected.db[size(t * n.width() + i)] += dstate * dt * x;
      expected.da[size(e * n.width() + i)] += dstate * decay * before * dt;
      ddt += dstate * (decay * before * rate(i) + b * x);
      dx += dstate * b * dt;
      adjoint[size(i)] = dstate * decay;
    }
    expected.ddelta[size(at)] = ddt * sigmoid(static_cast<double>(in.delta[at]));
    expected.dx[size(at)] = dx;
  }
}

Expected expect(Inputs& in) {
  const Sizes& n = in.n;
  const auto zeros = [](Index count) { return Doubles(static_cast<std::size_t>(count)); };
  Expected expected{zeros(n.steps * n.channels),   zeros(n.steps * n.channels),
                    zeros(n.steps * n.channels),   zeros(n.steps * in.gate_row),
                    zeros(n.steps * n.width()),    zeros(n.steps * n.width()),
                    zeros(n.channels * n.width()), zeros(n.channels)};
  for (Index e = 0; e < n.channels; ++e) expect_channel(in, e, expected);
  return expected;
}

/// Arrays that the kernels write to.
struct Outputs {
  FramedFloats a, states, y, out;

  explicit Outputs(const Sizes& n)
      : a(n.channels * n.width()),
        states(n.chunks() * n.channels * n.width()),
        y(n.steps * n.channels),
        out(n.steps * n.channels) {}
};

ScanSequence sequence(Inputs& in, Outputs& outputs) {
  const Sizes& n = in.n;
  const Index sign = in.reversed ? -1 : 1;
  const Index first = in.row(0);
  return {.steps = n.steps,
          .channels = n.channels,
          .width = n.width(),
          .delta = in.delta.begin() + first * n.channels,
          .delta_row = sign * n.channels,
          .x = in.x.begin() + first * n.channels,
          .x_row = sign * n.channels,
          .gate = in.gate.begin() + first * in.gate_row,
          .gate_row = sign * in.gate_row,
          .b = in.b.begin() + first * n.width(),
          .c = in.c.begin() + first * n.width(),
          .bc_row = sign * n.width(),
          .a = outputs.a.begin(),
          .skip = in.skip.begin(),
          .states = outputs.states.begin(),
          .y = outputs.y.begin() + first * n.channels,
          .y_row = sign * n.channels};
}

/// Whether `got`, which started with 1, is 1 + expected.
void check_added(FramedFloats& got, const Doubles& expected) {
  CHECK(got.frame_is_whole());
  Doubles sums = expected;
  for (double& sum : sums) sum += 1;
  CHECK(test::relative_difference(Doubles(got.begin(), got.end()), sums) < 1e-5);
}

void check_backward(const Kernels& table, Inputs& in, Outputs& outputs, const Expected& expected) {
  const Sizes& n = in.n;
  const Index first = in.row(0), sign = in.reversed ? -1 : 1;
  FramedFloats ddelta(n.steps * n.channels, 1), dx(n.steps * n.channels, 1);
  FramedFloats dgate(n.steps * in.gate_row, 1), db(n.steps * n.width(), 1);
  FramedFloats dc(n.steps * n.width(), 1), da(n.channels * n.width(), 1), dskip(n.channels, 1);
  FramedFloats adjoints(n.channels * n.width());
  table.scan.backward(sequence(in, outputs), {.dout = in.dout.begin() + first * n.channels,
                                              .dout_row = sign * n.channels,
                                              .ddelta = ddelta.begin() + first * n.channels,
                                              .dx = dx.begin() + first * n.channels,
                                              .dgate = dgate.begin() + first * in.gate_row,
                                              .db = db.begin() + first * n.width(),
                                              .dc = dc.begin() + first * n.width(),
                                              .da = da.begin(),
                                              .dskip = dskip.begin(),
                                              .adjoints = adjoints.begin()});
  check_added(ddelta, expected.ddelta);
  check_added(dx, expected.dx);
  check_added(dgate, expected.dgate);
  check_added(db, expected.db);
  check_added(dc, expected.dc);
  check_added(da, expected.da);
  check_added(dskip, expected.dskip);
  CHECK(adjoints.frame_is_whole());
}

void check(const Kernels& table, const Sizes& n, bool reversed) {
  CAPTURE(table.isa);
  CAPTURE(n.steps);
  CAPTURE(n.channels);
  CAPTURE(n.states);
  CAPTURE(reversed);
  Inputs in(n, reversed);
  const Expected expected = expect(in);
  Outputs outputs(n);
  table.scan.rates(in.a_log.begin(), n.channels, n.states, n.width(), outputs.a.begin());
  table.scan.forward(sequence(in, outputs), outputs.out.begin() + in.row(0) * n.channels,
                     (reversed ? -1 : 1) * n.channels);
  CHECK(test::relative_difference(Doubles(outputs.out.begin(), outputs.out.end()), expected.out) <
        4e-6);
  CHECK(outputs.out.frame_is_whole());
  CHECK(outputs.y.frame_is_whole());
  CHECK(outputs.states.frame_is_whole());
  CHECK(outputs.a.frame_is_whole());
  check_backward(table, in, outputs, expected);
}

}  // namespace

TEST_CASE("the selective scan agrees with its definition, forward and backward") {
  for (const Kernels* table : available_kernels()) {
    for (const bool reversed : {false, true}) {
      for (const Index channels : {1, 2, 7, 15, 16}) check(*table, {21, channels, 48}, reversed);
      for (const Index states : {1, 8, 15, 16, 17, 33, 64, 80}) {
        check(*table, {21, 3, states}, reversed);
      }
      for (const Index steps : {1, 2, 15, 16, 17, 32, 65}) check(*table, {steps, 5, 9}, reversed);
    }
  }
}

TEST_CASE("the selective scan forgets at once where its rates are large") {
  for (const Kernels* table : available_kernels()) {
    CAPTURE(table->isa);
    Inputs in({20, 1, 16}, false);
    for (Index i = 0; i < in.a_log.size(); ++i)
      in.a_log[i] = 60;  // e^(-dt e^60): far below any float
    const Expected expected = expect(in);
    Outputs outputs(in.n);
    table->scan.rates(in.a_log.begin(), 1, 16, 16, outputs.a.begin());
    table->scan.forward(sequence(in, outputs), outputs.out.begin(), 1);
    CHECK(test::relative_difference(Doubles(outputs.out.begin(), outputs.out.end()), expected.out) <
          1e-6);
  }
}

TEST_CASE("the scan's decay is exact at no decay and close to the exponential everywhere") {
  constexpr Index channels = scan_channels, width = scan_width_unit;
  FramedFloats delta(2 * channels, 30);  // softplus(30) is 30 in single precision
  FramedFloats ones(2 * channels, 1);
  FramedFloats skip(channels, 0);
  FramedFloats b(2 * width), c(2 * width, 1), a(channels * width);
  FramedFloats states(channels * width), y(2 * channels), out(2 * channels);
  b[0] = 1;  // y[0] = 30; then there is no more input
  const ScanSequence sequence{.steps = 2,
                              .channels = channels,
                              .width = width,
                              .delta = delta.begin(),
                              .delta_row = channels,
                              .x = ones.begin(),
                              .x_row = channels,
                              .gate = ones.begin(),
                              .gate_row = channels,
                              .b = b.begin(),
                              .c = c.begin(),
                              .bc_row = width,
                              .a = a.begin(),
                              .skip = skip.begin(),
                              .states = states.begin(),
                              .y = y.begin(),
                              .y_row = channels};
  for (const Kernels* table : available_kernels()) {
    CAPTURE(table->isa);
    for (Index block = 0; block < 4000; ++block) {
      for (Index e = 0; e < channels; ++e) {
        const auto i = static_cast<float>(block * channels + e);
        a[e * width] = -i * i * (85.0F / 30 / 64000 / 64000);
      }
      table->scan.forward(sequence, out.begin(), channels);
      for (Index e = 0; e < channels; ++e) {
        const double x = 30 * static_cast<double>(a[e * width]);
        const double decay = static_cast<double>(y[channels + e]) / 30;
        // The product of dt, a and log2(e) is rounded twice.
        REQUIRE(std::abs(decay / std::exp(x) - 1) <= 2e-7 - 1.3e-7 * x);
        if (block == 0 && e == 0) REQUIRE(decay == 1);
      }
    }
  }
}
