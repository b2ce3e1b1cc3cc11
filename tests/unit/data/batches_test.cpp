#include "data/batches.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "support/resources.h"

namespace {

using namespace rppg;

constexpr int side = 2;
constexpr std::size_t values = 12;

/// Frame t of video v is all 10 v + t; the label is its number of the frame.
data::FaceVideo counting(int v, std::size_t frames) {
  data::FaceVideo video;
  video.id.push_back(static_cast<char>('0' + v));
  video.frame_size = side;
  video.rate_hz = 25.0 + v;
  for (std::size_t t = 0; t < frames; ++t) {
    video.frames.insert(video.frames.end(), values, static_cast<std::uint8_t>(10 * v + t));
    video.labels.push_back(static_cast<double>(t * t));
  }
  return video;
}

struct Sample {
  explicit Sample(data::VideoScale scale = data::VideoScale::raw)
      : videos(folder.path(), {side, scale, data::LabelScale::standardized}, 3) {
    videos.set(2, counting(2, 7));
    videos.set(0, counting(0, 9));  // place 1 stays empty: its recording failed
  }
  test::TemporaryFolder folder;
  data::FaceVideos videos;
};

std::vector<float> firsts(const data::Batch& batch, std::size_t clip_frames) {
  std::vector<float> found;
  for (std::size_t i = 0; i < batch.clips; ++i) {
    found.push_back(batch.frames[i * clip_frames * values]);
  }
  return found;
}

TEST_CASE("clips are consecutive, whole, and of no two videos") {
  const Sample sample;
  const auto places = data::clip_places(sample.videos, 3);
  REQUIRE(places.size() == 5);
  CHECK(places[2].video == 0);
  CHECK(places[2].first_frame == 6);
  CHECK(places[4].video == 2);
  CHECK(places[4].first_frame == 3);
}

TEST_CASE("orders are permutations that change with epoch and seed only") {
  std::vector<std::size_t> a(100), b(100);
  data::permute(1, 0, a);
  CHECK(std::set<std::size_t>(a.begin(), a.end()).size() == 100);
  CHECK(*std::max_element(a.begin(), a.end()) == 99);
  data::permute(1, 0, b);
  CHECK(a == b);
  data::permute(1, 1, b);
  CHECK(a != b);
  data::permute(2, 0, b);
  CHECK(a != b);
  // Every place is equally likely for item 0: 1000 draws of 5 places, 6 standard deviations.
  std::vector<int> counts(5);
  std::vector<std::size_t> few(5);
  for (std::uint64_t epoch = 0; epoch < 1000; ++epoch) {
    data::permute(1, epoch, few);
    ++counts[static_cast<std::size_t>(std::find(few.begin(), few.end(), 0) - few.begin())];
  }
  for (const int count : counts) CHECK(std::abs(count - 200) < 76);
}

TEST_CASE("every clip comes once per epoch, with its own frames, labels and rate") {
  const Sample sample;
  data::Batches batches(sample.videos, {.clip_frames = 3, .batch_size = 2, .seed = 5});
  CHECK(batches.steps_per_epoch() == 3);
  std::vector<std::vector<float>> epochs;
  for (int epoch = 0; epoch < 3; ++epoch) {
    std::vector<float> seen;
    for (int step = 0; step < 3; ++step) {
      const data::Batch& batch = batches.next();
      CHECK(batch.clips == (step < 2 ? 2 : 1));
      CHECK(batch.frames.size() == batch.clips * 3 * values);
      for (std::size_t i = 0; i < batch.clips; ++i) {
        const float first = batch.frames[i * 3 * values];
        const std::size_t v = first < 20 ? 0 : 2;
        const auto t = static_cast<std::size_t>(first) - 10 * v;
        CHECK(batch.frames[(i * 3 + 2) * values + 5] == first + 2);
        CHECK(batch.labels[i * 3 + 1] == sample.videos.entries()[v].labels[t + 1]);
        CHECK(batch.rate_hz[i] == 25.0 + static_cast<double>(v));
      }
      for (const float first : firsts(batch, 3)) seen.push_back(first);
    }
    epochs.push_back(seen);
    std::sort(seen.begin(), seen.end());
    CHECK(seen == std::vector<float>{0, 3, 6, 20, 23});
  }
  CHECK((epochs[0] != epochs[1] || epochs[1] != epochs[2]));
}

TEST_CASE("the sequence can be entered at any step") {
  const Sample sample(data::VideoScale::diff_normalized);
  const data::BatchOptions options{.clip_frames = 3, .batch_size = 2, .seed = 5};
  data::Batches all(sample.videos, options);
  std::vector<std::vector<float>> frames;
  for (int step = 0; step < 8; ++step) {
    const data::Batch& batch = all.next();
    frames.emplace_back(batch.frames.begin(), batch.frames.end());
  }
  for (std::size_t start = 0; start < 8; ++start) {
    data::Batches later(sample.videos, options, start);
    const data::Batch& batch = later.next();
    CHECK(std::equal(batch.frames.begin(), batch.frames.end(), frames[start].begin(),
                     frames[start].end()));
  }
}

TEST_CASE("a video that no clip fits into is no video") {
  const Sample sample;
  CHECK(data::clip_places(sample.videos, 10).empty());
  CHECK_THROWS_AS(data::Batches(sample.videos, {.clip_frames = 10}), std::logic_error);
}

TEST_CASE("crops are taken at the frames on which the alignment rests") {
  data::Recording recording;
  recording.id = "crops of a face";
  video::Clip clip;
  clip.time_s = {0, 1, 2, 3};
  for (std::uint8_t t = 0; t < 4; ++t) clip.crops.insert(clip.crops.end(), values, t);
  data::Aligned aligned;
  aligned.first_frame = 1;
  aligned.frame_time_s = {1, 2};
  aligned.frame_label = {0.5, 0.7};
  aligned.trace.rate_hz = 30;
  const data::FaceVideo video = data::face_video(recording, std::move(clip), aligned, side);
  CHECK(video.labels == std::vector<double>{0.5, 0.7});
  CHECK(video.rate_hz == 30);
  REQUIRE(video.frames.size() == 2 * values);
  CHECK(video.frames.front() == 1);
  CHECK(video.frames.back() == 2);
  video::Clip other;
  other.time_s = {0, 1, 2, 3};
  CHECK_THROWS_AS(data::face_video(recording, std::move(other), aligned, side), std::logic_error);
}

}  // namespace
