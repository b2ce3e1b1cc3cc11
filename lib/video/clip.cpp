#include "video/clip.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "video/face_track.h"
#include "video/image_frame.h"
#include "video/resize.h"

namespace rppg::video {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

std::size_t crop_bytes(const ClipOptions& options) {
  if (!options.keep_crops) return 0;
  return std::size_t{3} * static_cast<std::size_t>(options.crop_size) *
         static_cast<std::size_t>(options.crop_size);
}

/// Sets place, colour and crop of frame t, which must already have its room in clip.
void measure(const Frame& frame, const FacePlace& place, const ClipOptions& options, std::size_t t,
             Clip& clip) {
  clip.boxes[t] = place.box;
  clip.states[t] = place.state;
  if (!options.mean_of_crop) clip.mean_rgb[t] = frame.mean_rgb(place.box);
  if (options.crop_size == 0) return;
  const Image crop = resize_area(frame.rgb(place.box), options.crop_size, options.crop_size);
  if (options.mean_of_crop) clip.mean_rgb[t] = mean_rgb(crop);
  if (!options.keep_crops) return;
  std::copy(crop.rgb.begin(), crop.rgb.end(),
            clip.crops.begin() + static_cast<std::ptrdiff_t>(t * crop_bytes(options)));
}

/// Room for one frame more, without a box.
void append_missing(double time_s, const ClipOptions& options, Clip& clip) {
  clip.time_s.push_back(time_s);
  clip.mean_rgb.push_back({none, none, none});
  clip.boxes.emplace_back();
  clip.states.push_back(FaceState::missing);
  clip.crops.resize(clip.crops.size() + crop_bytes(options));
}

void read_following(Reader& reader, FaceTrack& track, const ClipOptions& options, Clip& clip) {
  const auto limit = options.max_frames > 0 ? static_cast<std::size_t>(options.max_frames)
                                            : std::numeric_limits<std::size_t>::max();
  for (std::size_t t = 0; t < limit && reader.next(); ++t) {
    const Frame& frame = reader.frame();
    const FacePlace place = track.follow(frame);
    append_missing(frame.time_s(), options, clip);
    if (place.state != FaceState::missing) measure(frame, place, options, t, clip);
  }
}

/// Reads the file again as far as frames are missing, and puts all of these at place.
void fill_missing(const VideoSource& source, const FacePlace& place, const ClipOptions& options,
                  Clip& clip) {
  auto missing = std::count(clip.states.begin(), clip.states.end(), FaceState::missing);
  if (missing == 0) return;
  Reader reader(source, options.reader);
  for (std::size_t t = 0; missing > 0 && reader.next(); ++t) {
    if (clip.states[t] != FaceState::missing) continue;
    measure(reader.frame(), place, options, t, clip);
    --missing;
  }
}

}  // namespace

double Clip::face_coverage() const {
  if (states.empty()) return 0;
  const auto found = std::count_if(states.begin(), states.end(), [](FaceState state) {
    return state == FaceState::detected || state == FaceState::tracked;
  });
  return static_cast<double>(found) / static_cast<double>(states.size());
}

Clip read_clip(const VideoSource& source, const ClipOptions& options) {
  Clip clip;
  Reader reader(source, options.reader);
  const std::unique_ptr<FaceTrack> track = make_face_track(options.face);
  read_following(reader, *track, options, clip);
  clip.info = reader.info();
  clip.summary = reader.summary();
  if (const std::optional<FacePlace> place = track->place_of_missing()) {
    fill_missing(source, *place, options, clip);
  }
  return clip;
}

}  // namespace rppg::video
