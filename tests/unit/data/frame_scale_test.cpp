#include "data/frame_scale.h"

#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

#include "base/random.h"
#include "io/hdf5.h"
#include "support/resources.h"

namespace {

using namespace rppg;
using data::LabelScale;
using data::VideoScale;

std::vector<std::uint8_t> noise(std::size_t count) {
  const Random random(3, "frames");
  std::vector<std::uint8_t> bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::uint8_t>(random.bits(i));
  return bytes;
}

std::vector<float> scaled(VideoScale kind, const std::vector<std::uint8_t>& frames,
                          std::size_t frame_bytes) {
  std::vector<float> out(frames.size());
  data::scale_frames(data::measure_scale(kind, frames, frame_bytes), frames, frame_bytes, out);
  return out;
}

double largest_difference(const std::vector<float>& a, const std::vector<double>& b) {
  double largest = a.size() == b.size() ? 0 : HUGE_VAL;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
  }
  return largest;
}

TEST_CASE("raw frames are their bytes") {
  const auto bytes = noise(60);
  const auto out = scaled(VideoScale::raw, bytes, 12);
  for (std::size_t i = 0; i < bytes.size(); ++i) CHECK(out[i] == static_cast<float>(bytes[i]));
}

TEST_CASE("standardized frames have mean 0 and deviation 1") {
  const auto out = scaled(VideoScale::standardized, noise(6000), 12);
  double sum = 0;
  double squares = 0;
  for (const float value : out) {
    sum += static_cast<double>(value);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  CHECK(std::abs(sum / 6000) < 1e-6);
  CHECK(std::abs(squares / 6000 - 1) < 1e-6);
}

TEST_CASE("a part of a recording is scaled as within the whole") {
  const auto bytes = noise(20 * 12);
  for (const VideoScale kind : {VideoScale::standardized, VideoScale::diff_normalized}) {
    const auto whole = scaled(kind, bytes, 12);
    const data::FrameScale scale = data::measure_scale(kind, bytes, 12);
    std::vector<float> part(5 * 12);
    data::scale_frames(scale, std::span(bytes).subspan(3 * 12, 6 * 12), 12, part);
    CHECK(std::equal(part.begin(), part.end(), whole.begin() + 3 * 12));
    data::scale_frames(scale, std::span(bytes).last(5 * 12), 12, part);
    CHECK(std::equal(part.begin(), part.end(), whole.end() - 5 * 12));
  }
}

TEST_CASE("what does not change becomes zero") {
  const std::vector<std::uint8_t> grey(48, 90);
  for (const VideoScale kind : {VideoScale::standardized, VideoScale::diff_normalized}) {
    for (const float value : scaled(kind, grey, 12)) CHECK(value == 0.0F);
  }
  const std::vector<double> constant(9, 2.5);
  for (const LabelScale kind : {LabelScale::standardized, LabelScale::diff_normalized}) {
    CHECK(data::scale_labels(kind, constant) == std::vector<float>(9, 0.0F));
  }
}

TEST_CASE("videos and labels are scaled as by rPPG-Toolbox") {
  const auto path = test::shared("reference/toolbox/c_filters_preproc.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  const auto frames = file.bytes("/preprocess/video/frames_u8");
  const auto extents = file.extents("/preprocess/video/frames_u8");
  const std::size_t frame_bytes = extents[1] * extents[2] * extents[3];
  CHECK(largest_difference(scaled(VideoScale::standardized, frames, frame_bytes),
                           file.doubles("/preprocess/video/standardized_f64")) < 1e-5);
  CHECK(largest_difference(scaled(VideoScale::diff_normalized, frames, frame_bytes),
                           file.doubles("/preprocess/video/diff_normalized_f32")) < 1e-5);
  const auto labels = file.doubles("/preprocess/label/x");
  CHECK(largest_difference(data::scale_labels(LabelScale::standardized, labels),
                           file.doubles("/preprocess/label/standardized")) < 1e-5);
  CHECK(largest_difference(data::scale_labels(LabelScale::diff_normalized, labels),
                           file.doubles("/preprocess/label/diff_normalized")) < 1e-5);
}

}  // namespace
