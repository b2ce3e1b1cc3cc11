// Writes a contact sheet of synthetic recordings: every preset, kind of camera and skin tone.
//
//     synthetic_sheet OUT.png
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "datasets/synthetic/scene/film.h"
#include "video/still.h"

using namespace rppg;
using namespace rppg::datasets;

namespace {

constexpr int scale = 4;  // frames of 640x480 are shown at a quarter of their size
constexpr int width = 160, height = 120;
constexpr int step = 4;  // between code values, for a small file

struct Cell {
  std::string_view difficulty;
  int side;  ///< 1: left camera, -1: right one, 0: the one in front
  CameraKind camera;
  Motion motion;
};

constexpr CameraKind webcam = CameraKind::webcam, industrial = CameraKind::industrial,
                     phone = CameraKind::phone;
constexpr std::size_t columns = 6;
constexpr Cell cells[] = {
    // One preset a column, on its own camera.
    {"easy", 0, webcam, Motion::steady},
    {"realistic", 0, webcam, Motion::steady},
    {"hard", 0, webcam, Motion::steady},
    {"ubfc-like", 0, webcam, Motion::steady},
    {"pure-like", 0, industrial, Motion::steady},
    {"mcd-like", 0, webcam, Motion::steady},
    // The same with movement.
    {"easy", 0, webcam, Motion::talking},
    {"realistic", 0, phone, Motion::talking},
    {"hard", 0, webcam, Motion::medium_rotation},
    {"ubfc-like", 0, webcam, Motion::steady},
    {"pure-like", 0, industrial, Motion::medium_rotation},
    {"mcd-like", 0, webcam, Motion::steady},
    // The three synchronised cameras: left, front, right.
    {"mcd-like", 1, webcam, Motion::steady},
    {"mcd-like", 0, webcam, Motion::steady},
    {"mcd-like", -1, phone, Motion::steady},
    {"mcd-like", 1, webcam, Motion::steady},
    {"mcd-like", 0, webcam, Motion::steady},
    {"mcd-like", -1, phone, Motion::steady},
};

/// In the first two rows every picture has a subject of its own, then three show the same one.
int subject_of(std::size_t cell) {
  const bool synchronised = cell >= 2 * columns;
  return static_cast<int>(synchronised ? 2 * columns + (cell - 2 * columns) / 3 : cell);
}

video::Image picture(const Cell& cell, int subject) {
  const Difficulty& difficulty = find_difficulty(cell.difficulty);
  const std::string name = "sheet" + std::to_string(subject);
  const Session session(
      {.seed = 4, .subject = name, .subject_index = subject, .session = "a", .motion = cell.motion},
      difficulty);
  Take take{.id = name, .seed = 4, .width = scale * width, .height = scale * height};
  take.yaw_degrees = cell.side * difficulty.scene.side_view_degrees;
  take.camera = cell.camera;
  take.time_s = {2.5};
  video::Image result;
  film(session, difficulty, take, [&](const video::Image& frame) { result = frame; });
  return result;
}

void paste(const video::Image& picture, std::size_t cell, video::Image& sheet) {
  const int left = width * static_cast<int>(cell % columns);
  const int top = height * static_cast<int>(cell / columns);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        int sum = 0;
        for (int j = scale * y; j < scale * (y + 1); ++j) {
          for (int i = scale * x; i < scale * (x + 1); ++i) {
            sum += picture.rgb[static_cast<std::size_t>(3 * (j * picture.width + i) + c)];
          }
        }
        sheet.rgb[static_cast<std::size_t>(3 * ((top + y) * sheet.width + left + x) + c)] =
            static_cast<std::uint8_t>(step * (sum / (step * scale * scale)));
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: synthetic_sheet OUT.png\n", stderr);
    return static_cast<int>(Status::usage);
  }
  try {
    video::Image sheet{static_cast<int>(columns) * width,
                       static_cast<int>(std::size(cells) / columns) * height,
                       {}};
    sheet.rgb.resize(std::size_t{3} * static_cast<std::size_t>(sheet.width) *
                     static_cast<std::size_t>(sheet.height));
    for (std::size_t i = 0; i < std::size(cells); ++i) {
      paste(picture(cells[i], subject_of(i)), i, sheet);
    }
    write_file(argv[1], video::encode_png(sheet));
  } catch (const Error& error) {
    std::fprintf(stderr, "synthetic_sheet: %s\n", error.what());
    return static_cast<int>(error.status());
  }
  return 0;
}
