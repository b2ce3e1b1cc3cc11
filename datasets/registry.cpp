// The list of data-set layouts: a new one is a file of its own and a line here.
#include "datasets/registry.h"

#include <array>

#include "base/error.h"
#include "base/text.h"
#include "datasets/layouts.h"

namespace rppg::datasets {

std::span<const data::Layout> layouts() {
  static const std::array table{ubfc_rppg, pure, mcd_rppg, manifest};
  return table;
}

const data::Layout& find_layout(std::string_view name) {
  std::vector<std::string_view> names;
  std::string list;
  for (const data::Layout& layout : layouts()) {
    if (layout.name == name) return layout;
    names.push_back(layout.name);
    list += concat(list.empty() ? "" : ", ", layout.name);
  }
  const std::string_view close = nearest(name, names);
  throw Error(Status::usage, concat("unknown data-set layout '", name, "'; ",
                                    close.empty() ? concat("expected one of ", list)
                                                  : concat("did you mean '", close, "'?")));
}

}  // namespace rppg::datasets
