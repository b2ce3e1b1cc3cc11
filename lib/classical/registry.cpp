#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "classical/method.h"
#include "classical/methods.h"
#include "signal/filter.h"

namespace rppg::classical {
namespace {

constexpr double window_seconds = 1.6;

constexpr std::array table{
    Method{"pos", "POS", "Wang et al., IEEE Trans. Biomed. Eng. 64, 2017", pos},
    Method{"chrom", "CHROM", "de Haan and Jeanne, IEEE Trans. Biomed. Eng. 60, 2013", chrom},
    Method{"pbv", "PBV", "de Haan and van Leest, Physiol. Meas. 35, 2014", pbv},
    Method{"green", "GREEN", "Verkruysse et al., Opt. Express 16, 2008", green},
    Method{"lgi", "LGI", "Pilz et al., CVPR Workshops 2018", lgi},
    Method{"ica", "ICA", "Poh et al., Opt. Express 18, 2010", ica},
    Method{"omit", "OMIT", "Casado and Bordallo Lopez, IEEE J. Biomed. Health Inform. 27, 2023",
           omit},
};

}  // namespace

std::span<const Method> methods() { return table; }

const Method& find_method(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Method& method : table) {
    if (method.name == name) return method;
    names.push_back(method.name);
  }
  const std::string_view close = nearest(name, names);
  throw Error(Status::usage,
              concat("unknown method '", name, "'",
                     close.empty() ? std::string() : concat("; did you mean '", close, "'?")));
}

std::size_t window_length(double rate_hz) {
  return static_cast<std::size_t>(std::ceil(window_seconds * rate_hz));
}

void require_trace(const RgbTrace& trace, std::size_t frames, const char* method) {
  if (trace.size() < frames) {
    throw Error(Status::malformed, concat("too short: ", trace.size(), " frames, ", method,
                                          " needs at least ", frames));
  }
  for (const std::vector<double>& channel : trace.channels) {
    if (!std::all_of(channel.begin(), channel.end(), [](double x) { return std::isfinite(x); })) {
      throw Error(Status::malformed, concat(method, ": a colour is not finite"));
    }
  }
}

double nonzero_mean(std::span<const double> color, const char* method) {
  const double mean = signal::mean(color);
  if (!(mean > 0)) throw Error(Status::malformed, concat(method, ": a colour channel is black"));
  return mean;
}

}  // namespace rppg::classical
