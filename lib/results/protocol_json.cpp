#include "results/protocol_json.h"

#include <array>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.h"
#include "base/text.h"

namespace rppg::results {
namespace {

using signal::HeartRateEstimator;

/// Calls visit(key, member) for every parameter: the one list behind hash, writing and reading.
template <typename AnyProtocol, typename Visit>
void for_each_parameter(AnyProtocol& protocol, const Visit& visit) {
  visit("estimator", protocol.estimator);
  visit("band_low_hz", protocol.band.low_hz);
  visit("band_high_hz", protocol.band.high_hz);
  visit("filter_order", protocol.filter_order);
  visit("detrend_lambda", protocol.detrend_lambda);
  visit("window_seconds", protocol.window_seconds);
  visit("keep_remainder", protocol.keep_remainder);
  visit("snr_half_width_hz", protocol.snr.half_width_hz);
  visit("snr_factor", protocol.snr.factor);
  visit("full_macc", protocol.full_macc);
  visit("float32_running_sum", protocol.float32_running_sum);
  visit("rmse_error", protocol.rmse_error);
  visit("index_alignment", protocol.index_alignment);
  visit("reference_crops", protocol.reference_crops);
  visit("whole_clips", protocol.whole_clips);
}

constexpr std::array estimators{HeartRateEstimator::fft, HeartRateEstimator::fft_interpolated,
                                HeartRateEstimator::hann_padded, HeartRateEstimator::welch,
                                HeartRateEstimator::peaks};
constexpr std::array rmse_errors{RmseError::delta_method, RmseError::root, RmseError::square};

/// Sets value to the enumerator of that name; false when there is none.
template <typename Enum, std::size_t n>
bool parse_name(const io::Json& json, const std::array<Enum, n>& all, Enum& value) {
  if (!json.is_string()) return false;
  for (const Enum candidate : all) {
    if (json.get_ref<const std::string&>() == name(candidate)) {
      value = candidate;
      return true;
    }
  }
  return false;
}

bool parse(const io::Json& json, HeartRateEstimator& value) {
  return parse_name(json, estimators, value);
}
bool parse(const io::Json& json, RmseError& value) { return parse_name(json, rmse_errors, value); }
bool parse(const io::Json& json, double& value) {
  if (!json.is_number()) return false;
  value = json.get<double>();
  return true;
}
bool parse(const io::Json& json, int& value) {
  if (!json.is_number_integer()) return false;
  value = json.get<int>();
  return true;
}
bool parse(const io::Json& json, bool& value) {
  if (!json.is_boolean()) return false;
  value = json.get<bool>();
  return true;
}

}  // namespace

io::OrderedJson parameters_json(const Protocol& protocol) {
  io::OrderedJson object = io::OrderedJson::object();
  for_each_parameter(protocol, [&](const char* key, const auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    if constexpr (std::is_enum_v<Value>) {
      object[key] = name(value);
    } else {
      object[key] = value;
    }
  });
  return object;
}

io::OrderedJson protocol_json(const Protocol& protocol) {
  io::OrderedJson object = {{"name", protocol.name},
                            {"hash", protocol_hash(protocol)},
                            {"description", describe(protocol)}};
  object.update(parameters_json(protocol));
  return object;
}

Protocol read_protocol(const io::Json& object, const std::filesystem::path& file) {
  const auto fail = [&](const char* key) {
    throw Error(Status::malformed, file, concat("protocol: ", key, ": missing or of another kind"));
  };
  if (!object.is_object() || !object.contains("name") || !object["name"].is_string()) fail("name");
  Protocol protocol;
  protocol.name = object["name"].get<std::string>();
  for_each_parameter(protocol, [&](const char* key, auto& value) {
    if (!object.contains(key) || !parse(object[key], value)) fail(key);
  });
  return protocol;
}

}  // namespace rppg::results
