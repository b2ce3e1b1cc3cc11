/// Weights that PyTorch saved (.pth), read without Python and without running anything of the file.
#pragma once

#include <filesystem>
#include <vector>

#include "io/named_array.h"

namespace rppg::io {

/// All tensors of a file that torch.save (1.6 or newer) wrote, in the order of the file.
///
/// A name is the tensor's key as stored (with "module." if it was saved so). Where dictionaries or
/// lists lie in one another, as in a file with several state dicts, the keys and positions on the
/// way stand before it: "C2F_model/module.position_embedding". What is no tensor is left out.
/// Floating-point elements become float, integers and booleans 64-bit integers; strided tensors are
/// made row-major.
///
/// The file may be hostile: a pickle that names anything but torch's own ways to build a tensor is
/// refused, and what is read is bounded by the size of the file. Throws Error: missing; unavailable
/// for files beyond 2 GiB and archives with too much in them; malformed for all else, older formats
/// of torch and files without tensors among it.
std::vector<NamedArray> read_pickle_checkpoint(const std::filesystem::path& file);

}  // namespace rppg::io
