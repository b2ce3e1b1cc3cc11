#include "datasets/synthetic/scene/room.h"

#include <algorithm>
#include <cmath>

#include "datasets/synthetic/head/point.h"

namespace rppg::datasets {
namespace {

/// Rectangle with its place as shares of the picture's height, from the picture's centre.
struct Panel {
  double x, y, width, height;  ///< left, top
  Color color;
  double grain;  ///< share by which its brightness varies along x
};

Color draw_color(const Random& random, std::uint64_t index, double low, double high) {
  const double grey = random.uniform(index, low, high);
  return {grey * random.uniform(index + 1, 0.9, 1.2), grey * random.uniform(index + 2, 0.92, 1.08),
          grey * random.uniform(index + 3, 0.7, 1.1)};
}

void add_shelf(std::vector<Panel>& panels, const Random& random, double left) {
  const Color wood = mix(Color{0.10, 0.05, 0.025}, Color{0.34, 0.24, 0.15}, random.uniform(0));
  const double width = random.uniform(1, 0.45, 0.7);
  panels.push_back({left, -0.5, width, 1.1, wood * 0.6, 0.1});
  for (int shelf = 0; shelf < 4; ++shelf) {
    const double floor = -0.24 + 0.26 * shelf;
    double x = left + 0.02;
    for (std::uint64_t book = 0; x < left + width - 0.05; ++book) {
      const std::uint64_t index = 100 * static_cast<std::uint64_t>(shelf + 1) + 8 * book;
      const double thickness = random.uniform(index, 0.015, 0.05);
      const double height = random.uniform(index + 1, 0.12, 0.20);
      if (random.uniform(index + 2) < 0.85) {
        panels.push_back({x, floor - height, thickness, height,
                          draw_color(random, index + 3, 0.03, 0.40), 0.15});
      }
      x += thickness + 0.004;
    }
    panels.push_back({left, floor, width, 0.018, wood, 0.1});
  }
}

void add_window(std::vector<Panel>& panels, const Random& random, double left) {
  const double width = random.uniform(1, 0.4, 0.6);
  panels.push_back({left, -0.6, width, 0.75, {0.55, 0.55, 0.54}, 0});
  for (const double pane : {0.03, 0.52}) {
    panels.push_back({left + pane * width, -0.57, 0.45 * width, 0.69, {0.92, 0.98, 1.05}, 0.2});
  }
  panels.push_back({left - 0.12, -0.6, 0.14, 0.95, draw_color(random, 2, 0.2, 0.5), 0.5});
}

void add_picture(std::vector<Panel>& panels, const Random& random, double left) {
  const double width = random.uniform(1, 0.2, 0.35), height = random.uniform(2, 0.2, 0.3);
  const double top = random.uniform(3, -0.42, -0.3);
  panels.push_back({left, top, width, height, draw_color(random, 4, 0.02, 0.1), 0});
  panels.push_back(
      {left + 0.012, top + 0.012, width - 0.024, height - 0.024, {0.7, 0.69, 0.65}, 0});
  panels.push_back(
      {left + 0.04, top + 0.04, width - 0.08, height - 0.08, draw_color(random, 8, 0.1, 0.5), 0.6});
}

void add_door(std::vector<Panel>& panels, const Random& random, double left) {
  const Color paint = draw_color(random, 1, 0.25, 0.6);
  panels.push_back({left, -0.45, 0.5, 1.2, paint * 0.7, 0});
  panels.push_back({left + 0.03, -0.42, 0.44, 1.2, paint, 0.05});
  panels.push_back({left + 0.09, -0.34, 0.32, 0.35, paint * 0.88, 0.05});
}

/// Means over 2 radius + 1 values along x or y, edges repeated.
void blur(std::vector<float>& image, int width, int height, int radius, bool along_x) {
  const int count = along_x ? width : height, lines = along_x ? height : width;
  std::vector<float> line(static_cast<std::size_t>(count));
  for (int l = 0; l < lines; ++l) {
    for (int c = 0; c < 3; ++c) {
      const auto at = [&](int i) -> float& {
        const int pixel = along_x ? l * width + i : i * width + l;
        return image[std::size_t{3} * static_cast<std::size_t>(pixel) +
                     static_cast<std::size_t>(c)];
      };
      for (int i = 0; i < count; ++i) line[static_cast<std::size_t>(i)] = at(i);
      const auto value = [&](int i) {
        return static_cast<double>(line[static_cast<std::size_t>(std::clamp(i, 0, count - 1))]);
      };
      double sum = 0;
      for (int i = -radius; i <= radius; ++i) sum += value(i);
      for (int i = 0; i < count; ++i) {
        at(i) = static_cast<float>(sum / (2 * radius + 1));
        sum += value(i + radius + 1) - value(i - radius);
      }
    }
  }
}

std::vector<Panel> furnish(const Random& random, double turn) {
  std::vector<Panel> panels;
  // Places around the room; a camera at another angle sees others. Nobody sits before a window or a
  // shelf: what is busy behind a head makes it hard to find.
  for (int place = -3; place <= 3; ++place) {
    const auto key = static_cast<std::uint64_t>(std::int64_t{place} + 10);
    const double left = 0.62 * place - 0.3 + turn / 55 + random.uniform(key, -0.08, 0.08);
    const Random own(random.bits(key), key);
    const bool behind_head = left < 0.16 && left + 0.65 > -0.16;
    switch (random.integer(key + 20, 6)) {
      case 0:
        if (!behind_head) add_shelf(panels, own, left);
        break;
      case 1:
        if (!behind_head) add_window(panels, own, left);
        break;
      case 2:
        add_picture(panels, own, left);
        break;
      case 3:
        add_door(panels, own, left);
        break;
      default:
        break;  // bare wall
    }
  }
  return panels;
}

}  // namespace

std::vector<float> draw_room(const Random& random, const Color& wall, int width, int height,
                             double turn) {
  const std::vector<Panel> panels = furnish(random, turn);
  const double side = random.uniform(50, -1, 1);  // from where the wall is lit
  std::vector<float> room;
  room.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      const double x = (column + 0.5 - 0.5 * width) / height, y = (row + 0.5) / height - 0.5;
      Color color = wall * (0.98 + 0.03 * fractal_noise({4 * x, 4 * y, turn}, 3, 5));
      for (const Panel& panel : panels) {
        if (x < panel.x || x >= panel.x + panel.width || y < panel.y ||
            y >= panel.y + panel.height) {
          continue;
        }
        color =
            panel.color * (1 + panel.grain * value_noise({9 * x, 3 * y, panel.x}, random.bits(60)));
      }
      const double light = 0.55 + 0.19 * side * x - 0.34 * y - 0.04 * (x * x + y * y);
      for (std::size_t c = 0; c < 3; ++c) {
        room.push_back(static_cast<float>(std::max(color[c] * light, 0.002)));
      }
    }
  }
  const int radius =
      std::max(1, static_cast<int>(std::lround(height * random.uniform(51, 0.005, 0.014))));
  for (int pass = 0; pass < 3; ++pass) {
    blur(room, width, height, radius, true);
    blur(room, width, height, radius, false);
  }
  return room;
}

}  // namespace rppg::datasets
