/// A subject as a camera can draw it: meshes, colour maps, and what every vertex is made of.
#pragma once

#include "datasets/synthetic/head/appearance.h"
#include "datasets/synthetic/head/mesh.h"
#include "datasets/synthetic/scene/motion.h"
#include "datasets/synthetic/scene/raster.h"
#include "datasets/synthetic/scene/sensor.h"

namespace rppg::datasets {

class Complexion;
class Photograph;

/// What a vertex of the head adds to its Vertex.
struct HeadTrait {
  float perfusion = 0;  ///< strength of the pulse, about 0..1
  float delay = 0;      ///< of the pulse behind its first place, 0..1 of the longest
  float gloss = 0;
  float turn = 1;  ///< 1 moves with the head, 0 stays with the trunk
  float jaw = 0;   ///< 1 moves with the chin
  bool on_face = false;
};

class Figure {
 public:
  /// unit: pixels per head unit. lamp: direction towards it. photograph: gives the face, or null.
  Figure(const Appearance& appearance, CameraKind camera, double unit, Point lamp,
         const Photograph* photograph);

  const Mesh& head() const { return head_; }
  const Mesh& body() const { return body_; }
  const std::vector<HeadTrait>& traits() const { return traits_; }
  const Texture& body_texture() const { return body_texture_; }
  const std::vector<Mesh>& glasses() const { return glasses_; }
  const Texture& glasses_texture() const { return glasses_texture_; }
  /// The head's colours with lids 0 open .. 1 closed.
  const Texture& head_texture(double lids) const;
  /// Relative darkening of R, G, B per unit of blood.
  const Color& signature() const { return signature_; }
  /// Mean colour of bare skin in steady light.
  const Color& skin() const { return skin_; }

 private:
  void find_traits(const Complexion& complexion);

  Mesh head_;
  Mesh body_;
  std::vector<HeadTrait> traits_;
  std::vector<Texture> head_textures_;  ///< from open to closed
  Texture body_texture_;
  std::vector<Mesh> glasses_;  ///< none without
  Texture glasses_texture_;
  Color signature_{};
  Color skin_{};
};

}  // namespace rppg::datasets
