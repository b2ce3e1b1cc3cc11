#include "io/libraries.h"

#include <hdf5.h>
#include <zip.h>

#include "base/text.h"
#include "io/hdf5_handle.h"
#include "io/json.h"

namespace rppg::io {

std::vector<std::pair<std::string, std::string>> libraries() {
  const auto guard = hdf5::lock();
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return {{"HDF5", concat(major, ".", minor, ".", release)},
          {"nlohmann/json", concat(NLOHMANN_JSON_VERSION_MAJOR, ".", NLOHMANN_JSON_VERSION_MINOR,
                                   ".", NLOHMANN_JSON_VERSION_PATCH)},
          {"libmd", LIBMD_VERSION},
          {"libzip", zip_libzip_version()}};
}

}  // namespace rppg::io
