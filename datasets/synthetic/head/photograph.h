/// A frontal portrait that gives a head its face.
#pragma once

#include <filesystem>
#include <vector>

#include "datasets/synthetic/head/appearance.h"
#include "datasets/synthetic/head/point.h"
#include "datasets/synthetic/head/texture.h"
#include "datasets/synthetic/scene/sensor.h"
#include "video/image.h"

namespace rppg::datasets {

/// Finds the face (Haar cascade), its eyes and the line of its lips, and lays it on the head so
/// that they come to lie on those of the head.
class Photograph {
 public:
  /// Throws Error: as video::read_image does, and malformed when no face is found.
  explicit Photograph(const std::filesystem::path& file);

  /// `drawn` with pigments and hair like those of the face, without its own beard and glasses.
  Appearance resemble(const Appearance& drawn, CameraKind camera) const;
  /// The drawn surface at p, covered with the photograph where that shows it. skin: what the mean
  /// of its skin is turned into; the photograph's own light is mostly taken off.
  Paint over(const Paint& drawn, Point p, double lids, const Color& skin) const;

 private:
  struct Place {
    double x, y;
  };
  Place place(double x, double y) const;
  Color sample(double x, double y) const;
  void align(const video::Box& face);
  void measure();
  double skinness(const Color& colour) const;

  video::Image image_;
  // Pixels of the point half-way between the eyes, and per head unit.
  Place eyes_{};
  double across_x_ = 0, across_y_ = 0;  ///< along x of the head
  double down_ = 1;                     ///< stretch along y
  Color skin_{};
  Color hair_{};
  std::vector<Color> light_;  ///< the photograph, strongly blurred, on a grid over the face
};

}  // namespace rppg::datasets
