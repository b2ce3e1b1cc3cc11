/// The surface of a drawn head: skin with its pigments, lips, eyes, brows, beard and hair.
#pragma once

#include "datasets/synthetic/head/head.h"
#include "datasets/synthetic/head/texture.h"

namespace rppg::datasets {

class Complexion {
 public:
  Complexion(const Appearance& appearance, const SkinPalette& palette);

  /// p: a point of the surface. lids: 0 open .. 1 closed.
  Paint paint(Point p, double lids) const;
  /// Blood supply of the skin, 0.5 (neck, chin) .. 1 (forehead, cheeks), smooth over the face.
  double perfusion(Point p) const;
  /// Share of mirror-like reflection.
  double gloss(Point p) const;
  /// Whether p belongs to the face proper, brow to chin and ear to ear.
  bool on_face(Point p) const;

 private:
  Pigment pigment(Point p) const;
  double beard(Point p) const;
  double hair_share(Point p) const;
  Color strands(Point p, const Color& base) const;
  void add_lips(Point p, Paint& paint) const;
  void add_folds(Point p, Paint& paint) const;
  void add_brows(Point p, Paint& paint) const;
  void add_beard(Point p, Paint& paint) const;
  void add_eyes(Point p, double lids, Paint& paint) const;

  Head head_;
  Appearance look_;
  const SkinPalette& palette_;
};

/// Woven cloth with a seam at the collar.
Paint paint_cloth(const Appearance& appearance, const Head& head, Point p);

}  // namespace rppg::datasets
