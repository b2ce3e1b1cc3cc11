#include "ops/vector_quantizer.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "kernels/kernels.h"
#include "ops/row_loss.h"

namespace rppg::ops {
namespace {

/// Numbers that are worked on together.
constexpr Index grain = 1024;

void revive(const CodeBook& book, std::span<const double> values, double below,
            const Random& random) {
  const double even = std::accumulate(book.counts.begin(), book.counts.end(), 0.0) /
                      static_cast<double>(book.counts.size());
  for (std::size_t j = 0; j < book.codes.size(); ++j) {
    if (book.counts[j] >= below * even) continue;
    book.codes[j] = values[random.integer(j, values.size())];
    book.counts[j] = even;
    book.sums[j] = even * book.codes[j];
  }
}

void narrow(std::span<const double> from, Tensor to) {
  std::transform(from.begin(), from.end(), to.mutable_values().begin(),
                 [](double value) { return static_cast<float>(value); });
}

}  // namespace

std::int32_t nearest_code(double v, std::span<const double> codes) {
  std::size_t nearest = 0;
  for (std::size_t j = 1; j < codes.size(); ++j) {
    if (std::abs(v - codes[j]) < std::abs(v - codes[nearest])) nearest = j;
  }
  return static_cast<std::int32_t>(nearest);
}

Quantized quantize(Tensor z, Tensor codes) {
  if (codes.count() == 0) throw std::logic_error("quantize: no codes");
  Tape& tape = z.tape();
  const std::span<const double> book = widened(tape, codes);
  const std::span<const float> in = z.values();
  const std::span<std::int32_t> tokens = tape.scratch<std::int32_t>(z.count());
  const Tensor y = tape.output(z.shape(), {z});
  const std::span<float> out = y.mutable_values();
  const Index blocks = block_count(z.count(), grain);
  for_blocks(tape.threads(), blocks, [&](Index block, int) {
    const Range range = part_of(z.count(), blocks, block);
    for (auto i = static_cast<std::size_t>(range.begin); i < static_cast<std::size_t>(range.end);
         ++i) {
      tokens[i] = nearest_code(static_cast<double>(in[i]), book);
      out[i] = static_cast<float>(book[static_cast<std::size_t>(tokens[i])]);
    }
  });
  tape.record("quantize", y, [=] {
    kernels().elementwise.add_scaled(y.gradient().data(), 1, y.count(), z.gradient().data());
  });
  return {y, tokens};
}

void follow(const CodeBook& book, std::span<const double> values,
            std::span<const std::int32_t> tokens, const CodeBookRule& rule, const Random& random) {
  const double fresh = 1 - rule.decay;
  for (double& count : book.counts) count *= rule.decay;
  for (double& sum : book.sums) sum *= rule.decay;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto code = static_cast<std::size_t>(tokens[i]);
    book.counts[code] += fresh;
    book.sums[code] += fresh * values[i];
  }
  const double total = std::accumulate(book.counts.begin(), book.counts.end(), 0.0);
  const double smoothed = total + static_cast<double>(book.codes.size()) * rule.epsilon;
  for (std::size_t j = 0; j < book.codes.size(); ++j) {
    book.counts[j] = (book.counts[j] + rule.epsilon) / smoothed * total;
    book.codes[j] = book.sums[j] / book.counts[j];
  }
  if (rule.revive_below > 0 && !values.empty()) revive(book, values, rule.revive_below, random);
}

void follow(Tensor codes, Tensor sums, Tensor counts, Tensor z,
            std::span<const std::int32_t> tokens, const CodeBookRule& rule) {
  require_shape("follow: sums", {sums.count()}, {codes.count()});
  require_shape("follow: counts", {counts.count()}, {codes.count()});
  require_shape("follow: tokens", {static_cast<Index>(tokens.size())}, {z.count()});
  Tape& tape = z.tape();
  const Arena::Mark mark = tape.arena().mark();
  const CodeBook book{widened(tape, codes), widened(tape, sums), widened(tape, counts)};
  const TapeOptions& options = tape.options();
  const std::uint64_t stream = (options.step << 16U) + tape.next_stream();
  follow(book, widened(tape, z), tokens, rule, Random(options.seed, stream));
  narrow(book.codes, codes);
  narrow(book.sums, sums);
  narrow(book.counts, counts);
  tape.arena().rewind(mark);
}

}  // namespace rppg::ops
