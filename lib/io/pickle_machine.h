/// Private to the checkpoint reader: pickles as trees of data, in which nothing is ever called.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rppg::io::pickle {

enum class Kind {
  none,
  boolean,
  integer,
  number,  ///< floating point; its value is not kept
  text,
  tuple,
  list,
  dictionary,  ///< dict, and collections.OrderedDict with its attributes left out
  global,      ///< the name of something that Python would import
  call,        ///< what Python would call
  persistent,  ///< a reference to something outside the pickle
};

/// Index of a node in its tree.
using Id = std::uint32_t;

struct Node {
  Kind kind = Kind::none;
  std::int64_t integer = 0;  ///< of integer and boolean
  std::string text;          ///< of text; of global: "module.name"
  /// Of tuple, list: the elements. Of dictionary: key, value, key, value, ... as they were set. Of
  /// call: what is called, the arguments (a tuple). Of persistent: the reference.
  std::vector<Id> items;
};

/// A pickled object. Nodes may be used in several places, and a dictionary or list may even contain
/// itself: whoever walks a tree bounds depth and number of steps.
struct Tree {
  std::vector<Node> nodes;
  Id root = 0;

  const Node& operator[](Id id) const { return nodes[id]; }
};

/// Longest text, in bytes.
inline constexpr std::size_t longest_text = 4096;

/// Runs a pickle of protocol 2 on a machine that knows 31 of Python's opcodes, those that
/// torch.save writes for dictionaries of tensors and numbers. A global is a symbol that is compared
/// with `allowed_globals` ("module.name"); any other ends the reading.
///
/// Throws Error(malformed), with the place in the pickle, for other opcodes and globals, whatever
/// Python's own machine would stumble over, and more than 10^6 opcodes, 4096 values on the stack,
/// 200 000 remembered values or 4 KiB per text.
Tree parse(std::string_view pickle, std::span<const std::string_view> allowed_globals,
           const std::filesystem::path& file);

}  // namespace rppg::io::pickle
