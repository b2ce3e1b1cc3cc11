#include "datasets/synthetic/head/figure.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "datasets/synthetic/head/complexion.h"
#include "datasets/synthetic/head/glasses.h"
#include "datasets/synthetic/head/photograph.h"

namespace rppg::datasets {
namespace {

constexpr int head_columns = 65;
constexpr int body_columns = 49;
constexpr int lid_positions = 4;

/// Texels per cell of a mesh at this size of the picture.
int density(double unit) { return std::clamp(static_cast<int>(std::lround(unit / 28)), 2, 8); }

Texture paint_mesh(const Mesh& mesh, int texels, const std::function<Paint(Point)>& paint) {
  Texture texture{(mesh.columns - 1) * texels + 2, (mesh.rows - 1) * texels + 2, {}};
  texture.texels.reserve(static_cast<std::size_t>(texture.width) *
                         static_cast<std::size_t>(texture.height));
  for (int j = 0; j < texture.height; ++j) {
    const int row = std::min(j / texels, mesh.rows - 2);
    const double v = static_cast<double>(j - row * texels) / texels;
    for (int i = 0; i < texture.width; ++i) {
      const int column = std::min(i / texels, mesh.columns - 2);
      const double u = static_cast<double>(i - column * texels) / texels;
      const Point top = mix(mesh.at(row, column).position, mesh.at(row, column + 1).position, u);
      const Point bottom =
          mix(mesh.at(row + 1, column).position, mesh.at(row + 1, column + 1).position, u);
      texture.texels.push_back(texel(paint(mix(top, bottom, v))));
    }
  }
  return texture;
}

}  // namespace

Figure::Figure(const Appearance& appearance, CameraKind camera, double unit, Point lamp,
               const Photograph* photograph) {
  const Head solid(appearance);
  head_ =
      make_mesh({[&](Point p) { return solid.distance(p); }, 1.8}, head_rows(), head_columns, lamp);
  body_ = make_mesh({[&](Point p) { return solid.clothes_distance(p); }, 2.2}, body_rows(),
                    body_columns, lamp);
  const SkinOptics optics(camera);
  signature_ = optics.pulse_signature(appearance.skin);
  skin_ = optics.reflectance(appearance.skin);
  const SkinPalette palette(optics);
  const Complexion complexion(appearance, palette);
  find_traits(complexion);
  const auto paint = [&](Point p, double lids) {
    const Paint drawn = complexion.paint(p, lids);
    return photograph ? photograph->over(drawn, p, lids, skin_) : drawn;
  };
  const int texels = density(unit);
  for (int i = 0; i < lid_positions; ++i) {
    const double lids = static_cast<double>(i) / (lid_positions - 1);
    if (i == 0) {
      head_textures_.push_back(paint_mesh(head_, texels, [&](Point p) { return paint(p, lids); }));
      continue;
    }
    // Only the eyes differ.
    Texture texture = head_textures_.front();
    std::size_t k = 0;
    paint_mesh(head_, texels, [&](Point p) {
      const bool eye = p.z > 0.3 && std::abs(p.y - 0.06) < 0.16;
      Four& old = texture.texels[k++];
      if (eye) old = texel(paint(p, lids));
      return Paint{};
    });
    head_textures_.push_back(std::move(texture));
  }
  body_texture_ =
      paint_mesh(body_, texels, [&](Point p) { return paint_cloth(appearance, solid, p); });
  if (appearance.glasses) glasses_ = make_glasses(solid, appearance.face_width);
  glasses_texture_ = {3, 3, std::vector<Four>(9, texel({appearance.hair * 0.5, 0}))};
}

void Figure::find_traits(const Complexion& complexion) {
  for (const Vertex& vertex : head_.vertices) {
    const Point p = vertex.position;
    HeadTrait trait;
    trait.perfusion = static_cast<float>(complexion.perfusion(p));
    // The pulse comes up the neck along the carotids and spreads from the cheeks.
    trait.delay = static_cast<float>(
        std::clamp(length(Point{std::abs(p.x) - 0.35, p.y + 0.25, p.z - 0.5}) / 1.3, 0.0, 1.0));
    trait.gloss = static_cast<float>(complexion.gloss(p));
    trait.turn = static_cast<float>(ramp(p.y, -1.70, -0.95));
    const double lower = ramp(mouth_y - p.y, -0.5 * mouth_gap, 0.5 * mouth_gap);
    const double front = ramp(p.z, -0.1, 0.35) * ramp(p.y, -1.25, -1.0);
    const double corner = 1 - ramp(std::abs(p.x), 0.10, 0.235);
    const double below = ramp(mouth_y - p.y, 0.0, 0.25);
    trait.jaw = static_cast<float>(lower * front * std::max(corner, below));
    trait.on_face = complexion.on_face(p);
    traits_.push_back(trait);
  }
}

const Texture& Figure::head_texture(double lids) const {
  const double position = std::clamp(lids, 0.0, 1.0) * (lid_positions - 1);
  return head_textures_[static_cast<std::size_t>(std::lround(position))];
}

}  // namespace rppg::datasets
