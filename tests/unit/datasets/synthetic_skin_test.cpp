// Colours of skin and pulse against what is published of real ones.
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "datasets/synthetic/head/appearance.h"
#include "datasets/synthetic/head/skin.h"

namespace rppg::datasets {
namespace {

constexpr CameraKind kinds[] = {CameraKind::webcam, CameraKind::industrial, CameraKind::phone};

TEST_CASE("skin is reddest in red and darkens from type I to VI") {
  for (const CameraKind kind : kinds) {
    const SkinOptics optics(kind);
    double last = 1;
    for (int tone = 0; tone < skin_tones; ++tone) {
      const Color skin = optics.reflectance(draw_appearance(Random(1, "tone"), tone).skin);
      CAPTURE(tone);
      CHECK(skin[0] > skin[1]);
      CHECK(skin[1] > skin[2]);
      CHECK(luminance(skin) < last);
      last = luminance(skin);
    }
    CHECK(last > 0.03);
    CHECK(last < 0.2);
  }
}

TEST_CASE("the pulse has the colour that de Haan and van Leest measured: 0.33, 0.77, 0.53") {
  for (const CameraKind kind : kinds) {
    const Color signature = SkinOptics(kind).pulse_signature({0.03, 0.02});
    CHECK(signature[1] == doctest::Approx(1));
    CHECK(signature[0] == doctest::Approx(0.33 / 0.77).epsilon(0.30));
    CHECK(signature[2] == doctest::Approx(0.53 / 0.77).epsilon(0.15));
  }
}

TEST_CASE("melanin weakens the pulse against what the surface reflects") {
  const SkinOptics optics(CameraKind::webcam);
  CHECK(optics.pulse_signature({0.30, 0.02})[1] < 0.9 * optics.pulse_signature({0.03, 0.02})[1]);
}

TEST_CASE("the palette gives the same colours as the model") {
  const SkinOptics optics(CameraKind::phone);
  const SkinPalette palette(optics);
  for (const Pigment& pigment : {Pigment{0.02, 0.01}, Pigment{0.11, 0.03}, Pigment{0.33, 0.006}}) {
    const Color exact = optics.reflectance(pigment), near = palette(pigment);
    for (std::size_t c = 0; c < 3; ++c) CHECK(near[c] == doctest::Approx(exact[c]).epsilon(0.02));
  }
}

}  // namespace
}  // namespace rppg::datasets
