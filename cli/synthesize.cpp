// Data sets with a known pulse, in the layout of public ones.
#include <filesystem>
#include <memory>
#include <string>

#include "base/parallel.h"
#include "base/progress.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "datasets/synthetic.h"
#include "io/json.h"

namespace rppg::cli {
namespace {

using datasets::SyntheticOptions;
using datasets::SyntheticPlan;
using datasets::SyntheticRecording;

struct Options {
  SyntheticOptions synthetic;
  std::string size = "640x480";
};

void set_size(SyntheticOptions& options, const std::string& text) {
  const auto parts = split(text, 'x');
  const auto width = parts.size() == 2 ? parse_integer(parts[0]) : std::nullopt;
  const auto height = parts.size() == 2 ? parse_integer(parts[1]) : std::nullopt;
  constexpr long long most = 1 << 20;
  if (!width || !height || *width < 1 || *height < 1 || *width > most || *height > most) {
    throw Error(Status::usage, concat("--size '", text, "': must be WIDTHxHEIGHT, as 640x480"));
  }
  options.width = static_cast<int>(*width);
  options.height = static_cast<int>(*height);
}

/// Says on stdout what a run would write.
void list_files(const SyntheticOptions& options, const SyntheticPlan& plan) {
  std::string text;
  for (const SyntheticRecording& recording : plan.recordings) {
    for (const auto& file : recording.files) {
      text += concat((options.folder / file).string(), "\n");
    }
  }
  for (const auto& file : plan.index_files) {
    text += concat((options.folder / file).string(), "\n");
  }
  print(text);
}

void print_summary(const SyntheticOptions& options, const SyntheticPlan& plan) {
  const io::OrderedJson summary = {{"layout", options.layout},
                                   {"path", options.folder.string()},
                                   {"recordings", plan.recordings.size()},
                                   {"subjects", options.subjects},
                                   {"difficulty", options.difficulty},
                                   {"seed", options.seed}};
  print(io::to_text(summary));
}

void write(const SyntheticPlan& plan, int threads) {
  Progress progress("synthesize", plan.recordings.size());
  parallel_for(plan.recordings.size(), threads, [&](std::size_t i) {
    const SyntheticRecording& recording = plan.recordings[i];
    recording.write();
    progress.advance(concat(recording.id, ": ", recording.frames, " frames"));
  });
  if (plan.write_index) plan.write_index();
}

Status run(Options options, const CommonOptions& common) {
  set_size(options.synthetic, options.size);
  options.synthetic.seed = common.seed;
  const SyntheticPlan plan = datasets::plan_synthetic(options.synthetic);
  if (common.dry_run) {
    list_files(options.synthetic, plan);
    return Status::ok;
  }
  datasets::prepare_synthetic_folder(plan, options.synthetic.folder, common.force);
  write(plan, common.threads > 0 ? common.threads : available_threads());
  if (common.json) print_summary(options.synthetic, plan);
  return Status::ok;
}

std::function<Status()> declare(CLI::App& app, const CommonOptions& common) {
  const auto options = std::make_shared<Options>();
  SyntheticOptions& synthetic = options->synthetic;
  app.add_option("layout", synthetic.layout, datasets::synthetic_layout_names())
      ->required()
      ->type_name("LAYOUT");
  app.add_option("folder", synthetic.folder, "Folder of the new data set")
      ->required()
      ->type_name("DIR");
  app.add_option("--subjects", synthetic.subjects, "Number of subjects")->capture_default_str();
  app.add_option("--seconds", synthetic.seconds, "Length of each recording")->capture_default_str();
  app.add_option("--size", options->size, "Picture size, WIDTHxHEIGHT")->capture_default_str();
  app.add_option("--difficulty", synthetic.difficulty,
                 concat("Preset of head, light, camera, pulse and labels: ",
                        datasets::synthetic_difficulty_names()))
      ->capture_default_str();
  app.add_option("--face", synthetic.faces,
                 "Photographs of faces that subjects take in turn; default: drawn heads")
      ->expected(1, -1)
      ->type_name("IMAGE");
  app.add_option("--codec", synthetic.codec,
                 "raw, mjpeg, ffv1, mpeg4, h264 or png; default: that of the public data set");
  app.add_option("--bitrate", synthetic.bitrate_kbps,
                 "Of mpeg4 and h264, kbit/s; default: that of the preset, or nearly lossless");
  app.add_option("--rate", synthetic.rate_hz,
                 "Frames per second; default: that of the public data set");
  app.add_option("--recordings", synthetic.recordings,
                 "Recordings per subject (pure: the setups 1 to 6)")
      ->capture_default_str();
  app.add_option(
      "--label-noise", synthetic.label_noise,
      concat("What the finger sensor adds, NAME=AMOUNT,... on top of the preset, or none: ",
             datasets::synthetic_label_noise_help()));
  app.add_option("--timing", synthetic.timing,
                 concat("The same for the camera's clock: ", datasets::synthetic_timing_help()));
  app.add_flag("--quirks", synthetic.quirks,
               "Oddities of the public files: repeated stamps, wrapped device rates, a missing "
               "recording, flat or short labels");
  return [options, &common] { return run(*options, common); };
}

}  // namespace

const Command synthesize_command{
    .name = "synthesize",
    .summary = "Make a data set with a known pulse, in the layout of a public one",
    .description =
        "Draws face videos whose skin carries a pulse that is known exactly, with contact-PPG "
        "labels, in the files and formats of UBFC-rPPG, PURE or MCD-rPPG. Beside each recording, "
        "truth.json (MCD-rPPG: truth/ID.truth.json) holds the pulses of face and finger without "
        "noise, "
        "heart rate and face box per frame, and the time of every beat. The same seed gives the "
        "same bytes for any number of threads.",
    .references =
        "Wang et al., Algorithmic principles of remote PPG, IEEE TBME 64:1479 (2017); de Haan and "
        "van Leest, Improved motion robustness of remote-PPG, Physiol. Meas. 35:1913 (2014); "
        "McSharry et al., A dynamical model for generating synthetic electrocardiogram signals, "
        "IEEE TBME 50:289 (2003)",
    .declare = declare};

}  // namespace rppg::cli
