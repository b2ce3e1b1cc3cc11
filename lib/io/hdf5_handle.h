/// Private to the HDF5 reader and writer: the library's lock, owned identifiers, its error text.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rppg::io::hdf5 {

/// Debian's HDF5 is not thread-safe: who calls it, or closes a Handle, holds this lock. The first
/// call also turns off the printing of errors, the loading of filter plugins, and the closing of
/// the library at exit, which complains after damaged files.
[[nodiscard]] std::unique_lock<std::recursive_mutex> lock();

/// What the innermost function of the library said about the last failure since lock().
std::string reason();

/// The names along a path: "/a//b/" is {"a", "b"}, "/" is {}.
std::vector<std::string> components(std::string_view path);

/// An identifier of the library (hid_t), closed together with its owner.
class Handle {
 public:
  using Id = std::int64_t;
  using Close = int (*)(Id);

  Handle(Id id, Close close) : id_(id), close_(close) {}
  ~Handle() { reset(); }
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this == &other) return *this;
    reset();
    id_ = std::exchange(other.id_, -1);
    close_ = other.close_;
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  Id get() const { return id_; }
  /// Leaves it open for good.
  void abandon() { id_ = -1; }

 private:
  void reset() {
    if (id_ >= 0) close_(std::exchange(id_, -1));
  }

  Id id_;
  Close close_;
};

}  // namespace rppg::io::hdf5
