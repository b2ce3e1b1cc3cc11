#include "data/dataset.h"

#include <string>

#include <doctest/doctest.h>

#include "base/error.h"

using rppg::data::parse_dataset_name;

TEST_CASE("data-set names: layout, path and range") {
  const auto plain = parse_dataset_name("pure:/data/PURE");
  CHECK(plain.layout == "pure");
  CHECK(plain.path == "/data/PURE");
  CHECK(plain.begin == 0);
  CHECK(plain.end == 1);
  const auto part = parse_dataset_name("ubfc-rppg:UBFC@0.25-0.8");
  CHECK(part.path == "UBFC");
  CHECK(part.begin == 0.25);
  CHECK(part.end == 0.8);
}

TEST_CASE("data-set names: colons and at signs of the path stay in it") {
  CHECK(parse_dataset_name("pure:a:b").path == "a:b");
  CHECK(parse_dataset_name("pure:me@home/x").path == "me@home/x");
  CHECK(parse_dataset_name("pure:me@home/x@0-1").path == "me@home/x");
  CHECK(parse_dataset_name("pure:x@2024-01-02").path == "x@2024-01-02");
  CHECK(parse_dataset_name("pure:x@a-b").path == "x@a-b");
}

TEST_CASE("data-set names: what is no name is refused as a wrong argument") {
  for (const char* text : {"", "pure", ":x", "pure:", "pure:@0-1", "pure:x@0.5-0.5",
                           "pure:x@0.8-0.2", "pure:x@0-2", "pure:x@nan-1"}) {
    CAPTURE(text);
    try {
      parse_dataset_name(text);
      FAIL("accepted");
    } catch (const rppg::Error& error) {
      CHECK(error.status() == rppg::Status::usage);
      CHECK(std::string(error.what()).find("LAYOUT:PATH@BEGIN-END") != std::string::npos);
    }
  }
}
