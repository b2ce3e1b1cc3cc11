#include "results/protocol.h"

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "base/error.h"
#include "results/protocol_json.h"

namespace rppg::results {
namespace {

using signal::HeartRateEstimator;

TEST_CASE("protocols restate the published pipelines") {
  const Protocol& toolbox = find_protocol("toolbox");
  CHECK(toolbox.band.low_hz == 0.6);
  CHECK(toolbox.band.high_hz == 3.3);
  CHECK(toolbox.filter_order == 1);
  CHECK(toolbox.detrend_lambda == 100);
  CHECK(toolbox.estimator == HeartRateEstimator::fft);
  CHECK(toolbox.keep_remainder);
  CHECK_FALSE(toolbox.full_macc);
  CHECK(toolbox.float32_running_sum);
  CHECK(toolbox.rmse_error == RmseError::root);
  CHECK(toolbox.index_alignment);
  CHECK(toolbox.reference_crops);

  Protocol paper = find_protocol("toolbox-2023");
  CHECK(paper.band.low_hz == 0.75);
  CHECK(paper.band.high_hz == 2.5);
  paper.band = toolbox.band;
  CHECK(protocol_hash(paper) == protocol_hash(toolbox));

  const Protocol& lq = find_protocol("lq-rppg");
  CHECK(lq.estimator == HeartRateEstimator::welch);
  CHECK(lq.snr.factor == 20);
  CHECK(lq.rmse_error == RmseError::square);
  CHECK(lq.index_alignment);

  const Protocol& views = find_protocol("view-distillation");
  CHECK(views.estimator == HeartRateEstimator::hann_padded);
  CHECK(views.band.low_hz == 0.5);
  CHECK(views.band.high_hz == 3.0);
  CHECK_FALSE(views.index_alignment);
}

TEST_CASE("the hash tells every parameter apart, and not the name") {
  std::set<std::string> hashes;
  for (const Protocol& protocol : protocols()) hashes.insert(protocol_hash(protocol));
  CHECK(hashes.size() == protocols().size());

  const Protocol base = find_protocol("default");
  Protocol renamed = base;
  renamed.name = "mine";
  CHECK(protocol_hash(renamed) == protocol_hash(base));
  CHECK(protocol_hash(base).size() == 12);

  const auto changed = [&](auto change) {
    Protocol protocol = base;
    change(protocol);
    return protocol_hash(protocol) != protocol_hash(base);
  };
  CHECK(changed([](Protocol& p) { p.estimator = HeartRateEstimator::peaks; }));
  CHECK(changed([](Protocol& p) { p.band.low_hz = 0.7; }));
  CHECK(changed([](Protocol& p) { p.band.high_hz = 3.6; }));
  CHECK(changed([](Protocol& p) { p.filter_order = 3; }));
  CHECK(changed([](Protocol& p) { p.detrend_lambda = 50; }));
  CHECK(changed([](Protocol& p) { p.window_seconds = 10; }));
  CHECK(changed([](Protocol& p) { p.keep_remainder = true; }));
  CHECK(changed([](Protocol& p) { p.snr.half_width_hz = 0.2; }));
  CHECK(changed([](Protocol& p) { p.snr.factor = 20; }));
  CHECK(changed([](Protocol& p) { p.full_macc = false; }));
  CHECK(changed([](Protocol& p) { p.float32_running_sum = true; }));
  CHECK(changed([](Protocol& p) { p.rmse_error = RmseError::square; }));
  CHECK(changed([](Protocol& p) { p.index_alignment = true; }));
  CHECK(changed([](Protocol& p) { p.reference_crops = true; }));
  CHECK(changed([](Protocol& p) { p.whole_clips = true; }));
}

TEST_CASE("a protocol survives JSON") {
  for (const Protocol& protocol : protocols()) {
    const std::string text = io::to_text(protocol_json(protocol));
    const Protocol read = read_protocol(io::parse_json(text, "run.json"), "run.json");
    CHECK(read.name == protocol.name);
    CHECK(io::to_text(protocol_json(read)) == text);
  }
  io::Json damaged =
      io::parse_json(io::to_text(protocol_json(find_protocol("toolbox"))), "run.json");
  damaged["estimator"] = "guess";
  CHECK_THROWS_WITH_AS(read_protocol(damaged, "run.json"),
                       "run.json: protocol: estimator: missing or of another kind", Error);
  damaged.erase("estimator");
  CHECK_THROWS_AS(read_protocol(damaged, "run.json"), Error);
  CHECK_THROWS_AS(read_protocol(io::Json::array(), "run.json"), Error);
}

TEST_CASE("an unknown protocol is refused with a guess") {
  CHECK_THROWS_WITH_AS(find_protocol("tolbox"), "no protocol 'tolbox'; did you mean 'toolbox'?",
                       Error);
  CHECK_THROWS_WITH_AS(find_protocol("xyzzy"),
                       "no protocol 'xyzzy'; there are toolbox, toolbox-2023, lq-rppg, "
                       "view-distillation, default",
                       Error);
}

TEST_CASE("the description holds what captions need") {
  CHECK(describe(find_protocol("toolbox-2023")) ==
        "0.75-2.5 Hz, detrend 100, Butterworth order 1, whole recording, largest FFT bin, SNR 10 "
        "log10 within 0.1 Hz");
  Protocol windowed = find_protocol("toolbox");
  windowed.window_seconds = 10;
  CHECK(describe(windowed).find("10 s windows with remainder") != std::string::npos);
}

}  // namespace
}  // namespace rppg::results
