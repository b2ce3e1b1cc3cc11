/// Files that other programs, or an attacker, may have made.
#include <cmath>
#include <filesystem>
#include <functional>
#include <string>
#include <sys/stat.h>

#include <doctest/doctest.h>
#include <hdf5.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "io/hdf5.h"
#include "support/resources.h"

namespace fs = std::filesystem;
namespace io = rppg::io;

namespace {

/// What the reader says about a file; `use` reads from it once it is open.
std::string verdict(const fs::path& file,
                    const std::function<void(const io::Hdf5Reader&)>& use = nullptr) {
  try {
    const io::Hdf5Reader reader(file);
    if (use) use(reader);
  } catch (const rppg::Error& error) {
    return error.what();
  }
  return "accepted";
}

/// A file made with the library itself.
class Maker {
 public:
  explicit Maker(const char* name = "x.h5")
      : path_(folder_.path() / name),
        file_(H5Fcreate(path_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)) {
    REQUIRE(file_ >= 0);
  }
  hid_t file() const { return file_; }
  fs::path folder() const { return folder_.path(); }
  fs::path finish() const {
    H5Fclose(file_);
    return path_;
  }

  /// A data set of these extents, of which `values` are written if there are any.
  void dataset(const char* name, hid_t type, const std::vector<hsize_t>& extents,
               const void* values, hid_t properties = H5P_DEFAULT) const {
    const hid_t space = H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr);
    const hid_t set = H5Dcreate2(file_, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    REQUIRE(set >= 0);
    if (values != nullptr) {
      REQUIRE(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    }
    H5Dclose(set);
    H5Sclose(space);
  }

 private:
  rppg::test::TemporaryFolder folder_;
  fs::path path_;
  hid_t file_;
};

bool says(const std::string& text, std::string_view part) {
  CAPTURE(text);
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

}  // namespace

TEST_CASE("only regular HDF5 files are opened") {
  const rppg::test::TemporaryFolder folder;
  CHECK(says(verdict(folder.path() / "none"), "cannot open"));
  CHECK(says(verdict(folder.path()), "not a regular file"));
  REQUIRE(::mkfifo((folder.path() / "pipe").c_str(), 0600) == 0);
  CHECK(says(verdict(folder.path() / "pipe"), "not a regular file"));
  for (const std::string& text : {std::string(), std::string("hello"), std::string(5000, 'x'),
                                  std::string("\x89HDF\r\n\x1a\n"),
                                  std::string("\x89HDF\r\n\x1a\n") + std::string(500, '\0')}) {
    rppg::write_file(folder.path() / "text", text);
    CHECK(says(verdict(folder.path() / "text"), "not a sound HDF5 file"));
  }
}

TEST_CASE("links that are not hard are refused") {
  const Maker external;
  H5Lcreate_external("/etc/passwd", "/", external.file(), "out", H5P_DEFAULT, H5P_DEFAULT);
  CHECK(says(verdict(external.finish()), "/out: only hard links"));

  const Maker soft;
  H5Lcreate_soft("/loop", soft.file(), "loop", H5P_DEFAULT, H5P_DEFAULT);
  CHECK(says(verdict(soft.finish()), "/loop: only hard links"));
}

TEST_CASE("loops and depth of groups end") {
  const Maker loop;
  H5Gclose(H5Gcreate2(loop.file(), "a", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  H5Lcreate_hard(loop.file(), "/", loop.file(), "/a/root", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_hard(loop.file(), "/", loop.file(), "/a/again", H5P_DEFAULT, H5P_DEFAULT);
  CHECK(says(verdict(loop.finish()), "below level 8"));

  std::string path;
  for (int level = 1; level <= 8; ++level) path += "/g";
  io::Hdf5Writer writer;
  const rppg::test::TemporaryFolder folder;
  writer.group(path);
  rppg::write_file(folder.path() / "8", writer.finish());
  writer.group(path + "/g");
  rppg::write_file(folder.path() / "9", writer.finish());
  CHECK(verdict(folder.path() / "8") == "accepted");
  CHECK(says(verdict(folder.path() / "9"), "below level 8"));
}

TEST_CASE("values outside the file are refused") {
  const Maker external;
  rppg::write_file(external.folder() / "secret", std::string(64, 's'));
  const hid_t raw = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_external(raw, (external.folder() / "secret").c_str(), 0, 64);
  external.dataset("raw", H5T_NATIVE_UINT8, {64}, nullptr, raw);
  H5Pclose(raw);
  CHECK(says(verdict(external.finish()), "/raw: external storage"));

  const Maker virtual_set;
  const hsize_t extent = 4;
  const hid_t space = H5Screate_simple(1, &extent, nullptr);
  const hid_t layout = H5Pcreate(H5P_DATASET_CREATE);
  REQUIRE(H5Pset_virtual(layout, space, "/tmp/other.h5", "/set", space) >= 0);
  virtual_set.dataset("view", H5T_NATIVE_DOUBLE, {4}, nullptr, layout);
  H5Pclose(layout);
  H5Sclose(space);
  CHECK(says(verdict(virtual_set.finish()), "/view: virtual data sets"));
}

TEST_CASE("data sets may not declare what the file cannot hold") {
  const Maker contiguous;
  contiguous.dataset("huge", H5T_NATIVE_DOUBLE, {1'000'000, 1'000'000}, nullptr);
  CHECK(says(verdict(contiguous.finish()), "/huge: declares 8000000000000 bytes"));

  const Maker overflow;
  overflow.dataset("huge", H5T_NATIVE_DOUBLE, {hsize_t{1} << 30, hsize_t{1} << 29, 2}, nullptr);
  CHECK(says(verdict(overflow.finish()), "/huge: declares"));

  for (const hsize_t chunk : {hsize_t{1000}, hsize_t{400'000'000}}) {
    const Maker chunked;
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(properties, 1, &chunk);
    H5Pset_deflate(properties, 9);
    chunked.dataset("huge", H5T_NATIVE_DOUBLE, {500'000'000}, nullptr, properties);
    H5Pclose(properties);
    CHECK(says(verdict(chunked.finish()), "/huge: declares"));
  }
}

TEST_CASE("a chunk that may expand beyond the limit is refused") {
  std::vector<std::uint8_t> noise(3 << 20);
  const rppg::Random random(1, 1);
  for (std::size_t i = 0; i < noise.size(); ++i) {
    noise[i] = static_cast<std::uint8_t>(random.bits(i));
  }
  const Maker maker;
  const hsize_t chunk = noise.size();
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(properties, 1, &chunk);
  H5Pset_deflate(properties, 1);
  maker.dataset("noise", H5T_NATIVE_UINT8, {chunk}, noise.data(), properties);
  H5Pclose(properties);
  CHECK(says(verdict(maker.finish(), [](const auto& reader) { reader.bytes("/noise"); }),
             "/noise: a chunk of"));
}

TEST_CASE("other filters and kinds of objects are refused") {
  const Maker filtered;
  const hsize_t chunk = 4;
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(properties, 1, &chunk);
  H5Pset_nbit(properties);
  const std::vector<double> values{1, 2, 3, 4};
  filtered.dataset("set", H5T_NATIVE_DOUBLE, {4}, values.data(), properties);
  H5Pclose(properties);
  CHECK(says(verdict(filtered.finish()), "/set: filter 5 is not read"));

  const Maker committed;
  const hid_t type = H5Tcopy(H5T_NATIVE_INT);
  H5Tcommit2(committed.file(), "type", type, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Tclose(type);
  CHECK(says(verdict(committed.finish()), "/type: neither a group nor a data set"));
}

TEST_CASE("compound, reference and variable-length numbers are not read") {
  const Maker maker;
  const hid_t compound = H5Tcreate(H5T_COMPOUND, 8);
  H5Tinsert(compound, "x", 0, H5T_NATIVE_DOUBLE);
  const hid_t variable = H5Tvlen_create(H5T_NATIVE_DOUBLE);
  const hid_t wide = H5Tcopy(H5T_NATIVE_INT64);
  H5Tset_precision(wide, 60);
  const std::vector<double> value{1};
  maker.dataset("compound", compound, {1}, value.data());
  maker.dataset("variable", variable, {1}, nullptr);
  maker.dataset("reference", H5T_STD_REF_OBJ, {1}, value.data());
  maker.dataset("wide", wide, {1}, value.data());
  for (const hid_t type : {compound, variable, wide}) H5Tclose(type);
  const fs::path file = maker.finish();
  for (const char* name : {"compound", "variable", "reference", "wide"}) {
    CAPTURE(name);
    CHECK(says(verdict(file, [name](const auto& reader) { reader.doubles(name); }),
               "not plain numbers"));
    CHECK(says(verdict(file, [name](const auto& reader) { reader.strings(name); }), "not text"));
  }
}

TEST_CASE("numbers of other programs are converted") {
  const Maker maker;
  const hid_t half = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(half, 15, 10, 5, 0, 10);
  H5Tset_size(half, 2);
  H5Tset_ebias(half, 15);
  const std::vector<std::uint16_t> halves{0x3C00, 0xC000, 0x3555, 0x0001, 0x7C00, 0x7E00};
  maker.dataset("half", half, {6}, halves.data());
  H5Tclose(half);
  const std::vector<std::uint8_t> big_endian{0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0};
  maker.dataset("big", H5T_IEEE_F32BE, {2}, big_endian.data());
  const std::vector<std::uint64_t> large{1, ~std::uint64_t{0}};
  maker.dataset("u64", H5T_NATIVE_UINT64, {2}, large.data());
  const std::vector<double> whole{3, -4};
  maker.dataset("whole", H5T_NATIVE_DOUBLE, {2}, whole.data());
  const hid_t boolean = H5Tenum_create(H5T_NATIVE_INT8);
  const std::int8_t no = 0, yes = 1;
  H5Tenum_insert(boolean, "FALSE", &no);
  H5Tenum_insert(boolean, "TRUE", &yes);
  const std::vector<std::int8_t> flags{1, 0, 1};
  maker.dataset("flags", boolean, {3}, flags.data());
  H5Tclose(boolean);

  const io::Hdf5Reader reader(maker.finish());
  const std::vector<double> read = reader.doubles("half");
  CHECK(read[0] == 1.0);
  CHECK(read[1] == -2.0);
  CHECK(read[2] == 0.333251953125);
  CHECK(read[3] == std::ldexp(1.0, -24));
  CHECK(std::isinf(read[4]));
  CHECK(std::isnan(read[5]));
  CHECK(reader.floats("big") == std::vector<float>{1.0F, -2.0F});
  CHECK(reader.doubles("u64")[1] == std::ldexp(1.0, 64));
  CHECK_THROWS_AS(reader.integers("u64"), rppg::Error);
  CHECK(reader.integers("whole") == std::vector<std::int64_t>{3, -4});
  CHECK_THROWS_AS(reader.bytes("whole"), rppg::Error);
  CHECK_THROWS_AS(reader.integers("half"), rppg::Error);
  CHECK(reader.bytes("flags") == std::vector<std::uint8_t>{1, 0, 1});
  CHECK(reader.doubles("flags") == std::vector<double>{1, 0, 1});
}

TEST_CASE("text of other programs is read") {
  const Maker maker;
  const hid_t variable = H5Tcopy(H5T_C_S1);
  H5Tset_size(variable, H5T_VARIABLE);
  H5Tset_cset(variable, H5T_CSET_UTF8);
  const std::vector<const char*> texts{"one", "", "t\xC3\xB6t"};
  maker.dataset("variable", variable, {3}, texts.data());
  maker.dataset("unwritten", variable, {2}, nullptr);
  const hid_t scalar = H5Screate(H5S_SCALAR);
  const hid_t attribute =
      H5Acreate2(maker.file(), "note", variable, scalar, H5P_DEFAULT, H5P_DEFAULT);
  H5Awrite(attribute, variable, &texts[2]);
  H5Aclose(attribute);
  const hid_t spaces = H5Tcopy(H5T_FORTRAN_S1);
  H5Tset_size(spaces, 4);
  maker.dataset("spaces", spaces, {2}, "ab  cdef");
  const hid_t ended = H5Tcopy(H5T_C_S1);
  H5Tset_size(ended, 4);
  maker.dataset("ended", ended, {2}, "ab\0xcde");
  for (const hid_t type : {variable, spaces, ended}) H5Tclose(type);
  H5Sclose(scalar);

  const io::Hdf5Reader reader(maker.finish());
  CHECK(reader.strings("variable") == std::vector<std::string>{"one", "", "t\xC3\xB6t"});
  CHECK(reader.strings("unwritten") == std::vector<std::string>{"", ""});
  CHECK(reader.text_attribute("/", "note") == "t\xC3\xB6t");
  CHECK(reader.strings("spaces") == std::vector<std::string>{"ab", "cdef"});
  CHECK(reader.strings("ended") == std::vector<std::string>{"ab", "cde"});
}

namespace {

/// Everything in a file as one text.
std::string content(const io::Hdf5Reader& reader, const std::string& path = "") {
  const std::string here = path.empty() ? "/" : path;
  std::string out = here;
  for (const std::string& name : reader.attribute_names(here)) {
    out += rppg::concat("@", name);
    try {
      for (const double value : reader.numbers_attribute(here, name)) {
        out += rppg::concat(" ", value);
      }
    } catch (const rppg::Error&) {
      if (name != "DIMENSION_LIST" && name != "REFERENCE_LIST") {
        out += rppg::concat(" ", reader.text_attribute(here, name));
      }
    }
  }
  if (reader.is_group(here)) {
    for (const std::string& name : reader.list(here)) out += content(reader, path + "/" + name);
  } else if (here == "/text") {
    for (const std::string& text : reader.strings(here)) out += text;
  } else {
    for (const double value : reader.doubles(here)) out += rppg::concat(" ", value);
  }
  return out;
}

/// Mostly compressed noise, with the metadata of every kind that the writer makes.
std::vector<std::byte> good_file() {
  const rppg::Random random(7, 7);
  std::vector<double> noise(9'000);
  for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = random.normal(i);
  io::Hdf5Writer writer;
  writer.attribute("/", "title", "good");
  writer.dataset("/noise", noise, {90, 100});
  writer.dataset("/axis", noise, {90, 100});
  writer.attach_scale("/noise", "/axis");
  writer.dataset("/text", std::vector<std::string>{"a", "bc"});
  for (int i = 0; i < 12; ++i) writer.dataset("/many/" + std::to_string(i), std::vector<double>{1});
  return writer.finish();
}

}  // namespace

TEST_CASE("a truncated file is refused") {
  const rppg::test::TemporaryFolder folder;
  const std::vector<std::byte> good = good_file();
  const fs::path file = folder.path() / "x.h5";
  for (std::size_t part = 0; part < 20; ++part) {
    const std::size_t size = good.size() * part / 20;
    rppg::write_file(file, std::span(good).first(size));
    CHECK(says(verdict(file), "not a sound HDF5 file"));
  }
  rppg::write_file(file, std::span(good).first(good.size() - 1));
  CHECK(says(verdict(file), "not a sound HDF5 file"));
}

TEST_CASE("a file with a flipped bit reads as before or is refused") {
  const rppg::test::TemporaryFolder folder;
  const fs::path file = folder.path() / "x.h5";
  const std::vector<std::byte> good = good_file();
  rppg::write_file(file, good);
  const std::string expected = content(io::Hdf5Reader(file));

  const rppg::Random random(2024, "flips");
  std::size_t refused = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    std::vector<std::byte> flipped = good;
    flipped[random.integer(2 * i, good.size())] ^= std::byte{1} << random.integer(2 * i + 1, 8);
    rppg::write_file(file, flipped);
    std::string read = expected;
    const std::string said = verdict(file, [&read](const auto& reader) { read = content(reader); });
    if (said != "accepted") ++refused;
    CAPTURE(i);
    CHECK(read == expected);
  }
  MESSAGE(refused << " of 200 flipped files refused");
  CHECK(refused > 150);
}
