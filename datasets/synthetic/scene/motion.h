/// How the subject of a synthetic recording moves.
#pragma once

#include "datasets/synthetic/scene/scene_traits.h"
#include "datasets/synthetic/scene/wander.h"

namespace rppg::datasets {

/// PURE's six setups (Stricker et al., RO-MAN 2014).
enum class Motion {
  steady,
  talking,
  slow_translation,
  fast_translation,
  small_rotation,
  medium_rotation,
};

class Session;

/// Where the head is and what the face does, relative to a person who sits still and looks at the
/// frontal camera. Shifts in head units (about 11 cm), angles in degrees.
struct Pose {
  double x = 0;      ///< to the right of the frontal picture
  double y = 0;      ///< up
  double z = 0;      ///< towards the frontal camera
  double yaw = 0;    ///< positive: the face turns to the right of the picture
  double pitch = 0;  ///< positive: looks down
  double roll = 0;
  double jaw = 0;   ///< 0 closed .. 1 wide open
  double lids = 0;  ///< 0 open .. 1 closed
};

/// The movement of one sitting; all cameras see the same one.
class HeadMotion {
 public:
  HeadMotion(const Session& session, const SceneTraits& traits);

  Pose at(double time_s) const;

 private:
  double translation(double time_s) const;
  double rotation(double time_s) const;
  double jaw(double time_s) const;
  double lids(double time_s) const;

  const Session& session_;
  Motion task_;
  double sway_;
  double unrest_;
  double recoil_;
  double task_gain_;
  Random random_;
  Steps targets_;
  Wander slow_x_, slow_y_, quick_x_, quick_y_, quick_yaw_, quick_pitch_, quick_roll_;
  Wander speech_;
  Steps phrases_;
};

}  // namespace rppg::datasets
