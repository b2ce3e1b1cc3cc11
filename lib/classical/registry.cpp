#include <array>

#include "base/error.h"
#include "base/text.h"
#include "classical/method.h"
#include "classical/methods.h"

namespace rppg::classical {
namespace {

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

}  // namespace rppg::classical
