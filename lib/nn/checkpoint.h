/// Weights files (.h5): networks with their settings, tensors under their PyTorch names,
/// provenance.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/hdf5.h"
#include "io/named_array.h"
#include "nn/parameters.h"

namespace rppg::nn {

/// One network as files hold it.
struct NetworkRecord {
  std::string model;                         ///< as in the registry, "efficientphys"
  std::map<std::string, double> settings;    ///< what fixes its shape
  std::map<std::string, std::string> input;  ///< what it was trained to be fed with, in words
  std::vector<io::NamedArray> tensors;       ///< in any order; files have them by name
};

/// What a weights file holds; docs/formats.md, "Weights".
struct WeightsFile {
  std::map<std::string, NetworkRecord> parts;  ///< by name; a file of one network calls it "model"
  std::map<std::string, std::string> provenance;
};

/// All values of a store; counters as integers.
std::vector<io::NamedArray> tensors_of(const ParameterStore& store);

/// Sets all values of a store. Names are compared without `prefix` ("module.", as PyTorch's
/// DataParallel puts it before each), which every name must have then.
///
/// Throws one Error(malformed) naming `file` that lists everything that does not fit: tensors
/// missing or unexpected, of another shape or type, with values that are not finite. The store is
/// unchanged in that case.
void load_tensors(ParameterStore& store, std::span<const io::NamedArray> tensors,
                  const std::filesystem::path& file, std::string_view prefix = {});

/// Writes a network as a group of any file; equal records give equal bytes.
void write_network(io::Hdf5Writer& writer, const std::string& group, const NetworkRecord& network);
/// Reads such a group. Throws Error(malformed) as the reader does.
NetworkRecord read_network(const io::Hdf5Reader& reader, const std::string& group);

/// The bytes of a weights file.
std::vector<std::byte> weights_image(const WeightsFile& weights);

/// Throws Error: missing; malformed, naming the object, when it is no weights file. The file may
/// come from anyone: it is read in a child process first (base/rehearsal), so that this is to be
/// called while the process has one thread.
WeightsFile read_weights(const std::filesystem::path& file);

}  // namespace rppg::nn
