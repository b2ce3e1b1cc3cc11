#include "datasets/synthetic/scene/film.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "datasets/synthetic/head/photograph.h"
#include "datasets/synthetic/scene/camera.h"
#include "datasets/synthetic/scene/lens.h"
#include "datasets/synthetic/scene/room.h"

namespace rppg::datasets {
namespace {

/// The automatic exposure aims at skin of medium brightness, and gets half of the way.
double exposure(const Color& skin) {
  constexpr double wanted = 0.44;
  return std::clamp(std::sqrt(wanted / luminance(skin)), 0.7, 1.8);
}

/// Everything that stands in front of one camera, and the camera.
class Set {
 public:
  Set(const Session& session, const Difficulty& difficulty, const Take& take)
      : session_(session),
        take_(take),
        traits_(difficulty.scene),
        light_(stream(session, "light"), difficulty.scene),
        motion_(session, difficulty.scene),
        view_{take.width, take.height, take.yaw_degrees, difficulty.scene.framing},
        photograph_(photograph(session)),
        figure_(photograph_ ? photograph_->resemble(session.appearance(), take.camera)
                            : session.appearance(),
                take.camera, head_unit(view_), light_.lamp(),
                photograph_ ? &*photograph_ : nullptr),
        stage_(figure_, view_, room(), light_.lamp()),
        lens_(stage_, take.width, take.height),
        camera_(take.camera, difficulty.camera, exposure(figure_.skin()), take.width,
                Random(take.seed, concat(take.id, "/camera"))) {}

  void expose(std::size_t frame, video::Image& image) {
    const double t = take_.time_s[frame];
    stage_.set(motion_.at(t), light_.at(t), blood(t));
    image.width = take_.width;
    image.height = take_.height;
    const std::size_t row_length = 3 * static_cast<std::size_t>(take_.width);
    image.rgb.resize(row_length * static_cast<std::size_t>(take_.height));
    const double gain = camera_.gain(t);
    const double row_s = sensor(take_.camera).readout_s / take_.height;
    for (int row = 0; row < take_.height; ++row) {
      camera_.develop(static_cast<std::int64_t>(frame), row, gain * light_.flicker(t + row * row_s),
                      lens_.row(row),
                      image.rgb.data() + static_cast<std::size_t>(row) * row_length);
    }
  }

  FaceBox face() const { return stage_.face(); }

 private:
  static Random stream(const Session& session, std::string_view name) {
    const SessionRequest& request = session.request();
    return {request.seed, concat(request.subject, "/", name, "/", request.session)};
  }

  static std::optional<Photograph> photograph(const Session& session) {
    const std::filesystem::path& file = session.request().photograph;
    if (file.empty()) return std::nullopt;
    return Photograph(file);
  }

  std::vector<float> room() const {
    return draw_room(stream(session_, "room"), session_.appearance().wall, take_.width,
                     take_.height, take_.yaw_degrees);
  }

  Blood blood(double time_s) const {
    Blood blood{};
    for (std::size_t i = 0; i < blood.size(); ++i) {
      const double late = traits_.delay_s * static_cast<double>(i) / (blood.size() - 1);
      blood[i] =
          static_cast<float>(session_.pulse_amplitude() * session_.face_pulse(time_s - late));
    }
    return blood;
  }

  const Session& session_;
  const Take& take_;
  const SceneTraits& traits_;
  Light light_;
  HeadMotion motion_;
  View view_;
  std::optional<Photograph> photograph_;
  Figure figure_;
  Stage stage_;
  Lens lens_;
  Camera camera_;
};

}  // namespace

Truth film(const Session& session, const Difficulty& difficulty, const Take& take,
           const std::function<void(const video::Image& frame)>& keep) {
  Set set(session, difficulty, take);
  Truth truth;
  truth.mean_rate_bpm = session.rhythm().mean_rate_bpm(take.time_s.front(), take.time_s.back());
  video::Image image;
  for (std::size_t i = 0; i < take.time_s.size(); ++i) {
    if (stop_requested()) throw Error(Status::interrupted, concat(take.id, ": stopped"));
    const double t = take.time_s[i];
    const bool again = i > 0 && t == take.time_s[i - 1];
    if (!again) set.expose(i, image);
    keep(image);
    truth.pulse.push_back(session.face_pulse(t));
    truth.rate_bpm.push_back(session.rhythm().rate_bpm(t));
    truth.faces.push_back(set.face());
  }
  return truth;
}

}  // namespace rppg::datasets
