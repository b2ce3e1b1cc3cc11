#include "io/hdf5.h"

#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <thread>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/resources.h"

namespace io = rppg::io;

namespace {

using Doubles = std::vector<double>;
using Bytes = std::vector<std::uint8_t>;

/// Two groups, small and large data sets of every type, text, attributes and a dimension scale.
std::vector<std::byte> example_file() {
  io::Hdf5Writer writer;
  Doubles time(20'000);
  std::iota(time.begin(), time.end(), 0.0);
  std::vector<float> wave(time.size());
  for (std::size_t i = 0; i < wave.size(); ++i) wave[i] = std::sin(static_cast<float>(i));
  writer.attribute("/", "title", "example \xC3\xA4");
  writer.dataset("/recordings/a/time", time);
  writer.dataset("/recordings/a/wave", wave);
  writer.attach_scale("/recordings/a/wave", "/recordings/a/time");
  writer.dataset("/recordings/a/box", std::vector<std::int64_t>{1, 2, 3, 4, -5, 6}, {2, 3});
  writer.dataset("/recordings/a/state", Bytes{0, 255});
  writer.dataset("/names", std::vector<std::string>{"one", "",
                                                    "dr\xC3\xBC"
                                                    "ben"});
  writer.group("/empty/group");
  writer.attribute("/recordings/a", "rate_hz", 29.97);
  writer.attribute("/recordings/a", "frames", std::int64_t{1} << 40);
  writer.attribute("/recordings/a", "none", "");
  writer.attribute("/recordings/a/box", "range", Doubles{1.5, -2.5});
  writer.attribute("/recordings/a/state", "flag_values", Bytes{0, 1, 2});
  for (int i = 0; i < 20; ++i) {
    writer.attribute("/many", "attribute_" + std::to_string(i), std::int64_t{i});
    writer.dataset("/many/set_" + std::to_string(i), Doubles{static_cast<double>(i)});
  }
  return writer.finish();
}

io::Hdf5Reader read_back(const std::vector<std::byte>& bytes) {
  const rppg::test::TemporaryFolder folder;
  rppg::write_file(folder.path() / "x.h5", bytes);
  return io::Hdf5Reader(folder.path() / "x.h5");
}

}  // namespace

TEST_CASE("what is written reads back") {
  const io::Hdf5Reader reader = read_back(example_file());
  CHECK(reader.list("/") == std::vector<std::string>{"empty", "many", "names", "recordings"});
  CHECK(reader.list("/recordings/a") == std::vector<std::string>{"box", "state", "time", "wave"});
  CHECK(reader.is_group("/empty/group"));
  CHECK_FALSE(reader.is_group("/names"));
  CHECK(reader.exists("recordings/a/time"));
  CHECK_FALSE(reader.exists("/recordings/b/time"));
  CHECK_FALSE(reader.exists("/names/x"));

  const Doubles time = reader.doubles("/recordings/a/time");
  REQUIRE(time.size() == 20'000);
  CHECK(time[19'999] == 19'999.0);
  CHECK(reader.floats("/recordings/a/wave")[3] == std::sin(3.0F));
  CHECK(reader.extents("/recordings/a/box") == std::vector<std::uint64_t>{2, 3});
  CHECK(reader.integers("/recordings/a/box") == std::vector<std::int64_t>{1, 2, 3, 4, -5, 6});
  CHECK(reader.doubles("/recordings/a/box")[4] == -5.0);
  CHECK(reader.bytes("/recordings/a/state") == Bytes{0, 255});
  CHECK(reader.strings("/names") == std::vector<std::string>{"one", "",
                                                             "dr\xC3\xBC"
                                                             "ben"});

  CHECK(reader.text_attribute("/", "title") == "example \xC3\xA4");
  CHECK(reader.text_attribute("/recordings/a", "none") == "");
  CHECK(reader.number_attribute("/recordings/a", "rate_hz") == 29.97);
  CHECK(reader.number_attribute("/recordings/a", "frames") == 1099511627776.0);
  CHECK(reader.numbers_attribute("/recordings/a/box", "range") == Doubles{1.5, -2.5});
  CHECK(reader.numbers_attribute("/recordings/a/state", "flag_values") == Doubles{0, 1, 2});
  CHECK(reader.text_attribute("/recordings/a/time", "CLASS") == "DIMENSION_SCALE");
  CHECK(reader.has_attribute("/recordings/a/wave", "DIMENSION_LIST"));
  CHECK(reader.attribute_names("/recordings/a") ==
        std::vector<std::string>{"frames", "none", "rate_hz"});
  CHECK(reader.attribute_names("/many").size() == 20);
}

TEST_CASE("every number survives, and empty data sets too") {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  io::Hdf5Writer writer;
  writer.dataset("d", Doubles{nan, infinity, -0.0, 5e-324, 1e300});
  writer.dataset("i", std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::min(),
                                                std::numeric_limits<std::int64_t>::max()});
  writer.dataset("none", Doubles{});
  writer.dataset("rows", std::vector<float>{}, {0, 4});
  writer.dataset("no_text", std::vector<std::string>{});
  const io::Hdf5Reader reader = read_back(writer.finish());
  const Doubles read = reader.doubles("d");
  CHECK(std::isnan(read[0]));
  CHECK(read[1] == infinity);
  CHECK(std::signbit(read[2]));
  CHECK(read[3] == 5e-324);
  CHECK(reader.floats("d")[4] == std::numeric_limits<float>::infinity());
  CHECK(reader.integers("i")[0] == std::numeric_limits<std::int64_t>::min());
  CHECK(reader.integers("i")[1] == std::numeric_limits<std::int64_t>::max());
  CHECK(reader.doubles("none").empty());
  CHECK(reader.extents("rows") == std::vector<std::uint64_t>{0, 4});
  CHECK(reader.strings("no_text").empty());
}

TEST_CASE("large data sets of any shape are chunked and read back") {
  std::vector<float> values(300 * 1'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 977);
  io::Hdf5Writer writer;
  writer.dataset("line", values);
  writer.dataset("plane", values, {3, 100'000});
  writer.dataset("block", values, {300, 10, 100});
  const std::string text(200'000, 'x');
  writer.attribute("/", "long", text);
  const std::vector<std::byte> bytes = writer.finish();
  CHECK(bytes.size() < values.size() * sizeof(float));
  const io::Hdf5Reader reader = read_back(bytes);
  CHECK(reader.floats("line") == values);
  CHECK(reader.floats("plane") == values);
  CHECK(reader.floats("block") == values);
  CHECK(reader.text_attribute("/", "long") == text);
}

TEST_CASE("equal calls give equal bytes, also later") {
  const std::vector<std::byte> first = example_file();
  const std::string dirt(1 << 20, '\xA5');  // later allocations find other bytes
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));
  CHECK(first == example_file());
  CHECK(dirt.size() == std::size_t{1} << 20);
}

TEST_CASE("the writer is empty after finish()") {
  io::Hdf5Writer writer;
  const std::vector<std::byte> empty = writer.finish();
  writer.dataset("a", Doubles{1});
  CHECK(writer.finish() != empty);
  CHECK(writer.finish() == empty);
}

TEST_CASE("mistakes of the caller are reported") {
  io::Hdf5Writer writer;
  CHECK_THROWS_AS(writer.dataset("a", Doubles{1, 2, 3}, {2, 2}), std::logic_error);
  CHECK_THROWS_AS(writer.dataset("/", Doubles{1}), std::logic_error);
  writer.dataset("a", Doubles{1});
  CHECK_THROWS_AS(writer.dataset("a", Doubles{1}), rppg::Error);
  CHECK_THROWS_AS(writer.group("a/b"), rppg::Error);
}

TEST_CASE("what is not there or of another kind is an error with its name") {
  const io::Hdf5Reader reader = read_back(example_file());
  CHECK_THROWS_WITH_AS(reader.doubles("/recordings/none"),
                       doctest::Contains("x.h5: /recordings/none: there is no such object"),
                       rppg::Error);
  CHECK_THROWS_AS(reader.doubles("/recordings"), rppg::Error);
  CHECK_THROWS_AS(reader.doubles("/names"), rppg::Error);
  CHECK_THROWS_AS(reader.strings("/recordings/a/time"), rppg::Error);
  CHECK_THROWS_AS(reader.list("/names"), rppg::Error);
  CHECK_THROWS_AS(reader.text_attribute("/recordings/a", "rate_hz"), rppg::Error);
  CHECK_THROWS_AS(reader.number_attribute("/", "title"), rppg::Error);
  CHECK_THROWS_AS(reader.number_attribute("/recordings/a/box", "range"), rppg::Error);
  CHECK_THROWS_AS(reader.number_attribute("/recordings/a", "absent"), rppg::Error);
  CHECK_THROWS_AS(reader.bytes("/recordings/a/box"), rppg::Error);      // -5
  CHECK_THROWS_AS(reader.integers("/recordings/a/wave"), rppg::Error);  // fractions
}

TEST_CASE("several threads write and read at once") {
  const std::vector<std::byte> expected = example_file();
  std::vector<std::thread> threads;
  std::vector<int> good(4, 0);
  for (std::size_t i = 0; i < good.size(); ++i) {
    threads.emplace_back([&expected, &result = good[i]] {
      const std::vector<std::byte> bytes = example_file();
      const io::Hdf5Reader reader = read_back(bytes);
      result = bytes == expected && reader.doubles("/recordings/a/time").size() == 20'000 ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == std::vector<int>(4, 1));
}
