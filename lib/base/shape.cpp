#include "base/shape.h"

#include <stdexcept>

namespace rppg {

Shape::Shape(std::initializer_list<Index> extents) {
  if (extents.size() > max_rank) throw std::logic_error("Shape: more than six extents");
  for (const Index extent : extents) {
    if (extent < 0) throw std::logic_error("Shape: negative extent");
    extents_[static_cast<std::size_t>(rank_++)] = extent;
  }
}

int Shape::axis_of(int axis) const {
  const int index = axis < 0 ? axis + rank_ : axis;
  if (index < 0 || index >= rank_) throw std::logic_error("Shape: no such axis");
  return index;
}

Index Shape::operator[](int axis) const {
  return extents_[static_cast<std::size_t>(axis_of(axis))];
}

Index Shape::count() const {
  Index product = 1;
  for (const Index extent : *this) product *= extent;
  return product;
}

Shape Shape::with(int axis, Index extent) const {
  Shape changed = *this;
  changed.extents_[static_cast<std::size_t>(axis_of(axis))] = extent;
  return changed;
}

std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (const Index extent : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(extent);
  }
  return text + ")";
}

}  // namespace rppg
