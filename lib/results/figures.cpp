#include "results/figures.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "base/text.h"
#include "io/csv.h"
#include "results/markup.h"
#include "results/statistics.h"
#include "results/svg.h"
#include "signal/quality.h"

namespace rppg::results {
namespace {

constexpr std::string_view bpm = " bpm";
constexpr double two_sided_95 = 1.959963984540054;  // of the normal distribution
constexpr std::array error_marks_bpm{2.0, 3.0, 5.0};

/// One scored window.
struct Point {
  const RunRecording* recording = nullptr;
  double start_s = 0;
  double reference = 0;
  double prediction = 0;
  std::size_t category = 0;  ///< index of its data set

  double mean() const { return (reference + prediction) / 2; }
  double difference() const { return prediction - reference; }
  double error() const { return std::abs(difference()); }
};

std::vector<Point> points_of(const Run& run) {
  const std::vector<std::string> datasets = values(run, Condition::dataset);
  std::vector<Point> points;
  for (const RunRecording& recording : run.recordings) {
    const auto dataset = std::find(datasets.begin(), datasets.end(), recording.dataset);
    for (const WindowScore& window : recording.windows) {
      if (!std::isfinite(window.hr_reference_bpm) || !std::isfinite(window.hr_predicted_bpm))
        continue;
      points.push_back({&recording, window.start_s, window.hr_reference_bpm,
                        window.hr_predicted_bpm,
                        static_cast<std::size_t>(dataset - datasets.begin())});
    }
  }
  return points;
}

template <typename Member>
std::vector<double> column(const std::vector<Point>& points, Member member) {
  std::vector<double> out;
  for (const Point& point : points) out.push_back(std::invoke(member, point));
  return out;
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The value below which a share of the sorted values lies, by linear interpolation.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

std::string sign(double value, int decimals) {
  return concat(value < 0 ? "\u2212" : "+", format_fixed(std::abs(value), decimals));
}

/// Rows of "recording,subject,dataset,start_s,reference_bpm,prediction_bpm" and further numbers.
template <typename Further>
std::string window_csv(const std::vector<Point>& points, std::string_view header, Further further) {
  std::string out =
      concat("recording,subject,dataset,start_s,reference_bpm,prediction_bpm", header, "\n");
  for (const Point& point : points) {
    out += concat(io::csv_cell(point.recording->id), ",", io::csv_cell(point.recording->subject),
                  ",", io::csv_cell(point.recording->dataset), ",", point.start_s, ",",
                  point.reference, ",", point.prediction, further(point), "\n");
  }
  return out;
}

/// Legend of the data sets; none for a single one.
std::vector<LegendEntry> dataset_legend(const Run& run) {
  const std::vector<std::string> datasets = values(run, Condition::dataset);
  std::vector<LegendEntry> entries;
  for (std::size_t i = 0; i < datasets.size() && datasets.size() > 1; ++i) {
    entries.push_back({shorten(datasets[i], 14), palette::category(i), Mark::marker, i});
  }
  return entries;
}

Frame frame_for(const std::vector<LegendEntry>& legend) {
  Frame frame;
  if (!legend.empty()) frame.top = 34;
  return frame;
}

/// Heights of labels moved apart to at least `distance`, order kept (positions from the top).
std::array<double, 3> spread_out(std::array<double, 3> positions, double distance) {
  positions[0] = std::min(positions[0], positions[1] - distance);
  positions[2] = std::max(positions[2], positions[1] + distance);
  return positions;
}

}  // namespace

std::string file_stem(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    out += plain ? c : '_';
  }
  return out;
}

Figure bland_altman_figure(const Run& run, std::string_view prefix) {
  const std::vector<Point> points = points_of(run);
  const std::vector<double> differences = column(points, &Point::difference);
  const BlandAltman agreement =
      bland_altman(column(points, &Point::reference), column(points, &Point::prediction));
  const double n = static_cast<double>(points.size());
  const bool limits = points.size() > 1;

  std::vector<double> heights = differences;
  if (limits) heights.insert(heights.end(), {agreement.low, agreement.high});
  const std::vector<LegendEntry> legend = dataset_legend(run);
  Frame frame = frame_for(legend);
  frame.right = 92;
  Plot plot(concat(prefix, ".bland-altman"), frame,
            {"mean of prediction and reference (bpm)",
             range_of(column(points, &Point::mean), 0.06, 10),
             {},
             5},
            {"prediction \u2212 reference (bpm)", range_of(heights, 0.15, 6), {}, 6});
  const Range all{-1e6, 1e6};
  if (limits) {
    // Standard errors of bias and limits (Bland and Altman 1986): sd / sqrt n, about sqrt 3 times
    // it.
    const double bias_error = two_sided_95 * agreement.sd / std::sqrt(n);
    const double limit_error = bias_error * std::sqrt(3.0);
    const auto interval = [&](double centre, double half, std::string_view colour) {
      plot.box(all, {centre - half, centre + half}, colour, 0.10);
    };
    interval(agreement.bias, bias_error, palette::blue);
    interval(agreement.low, limit_error, palette::vermilion);
    interval(agreement.high, limit_error, palette::vermilion);
    plot.horizontal(agreement.low, {palette::vermilion, 1.4, "6 4"});
    plot.horizontal(agreement.high, {palette::vermilion, 1.4, "6 4"});
  }
  plot.horizontal(0, {palette::grey, 0.8, "2 3"});
  plot.horizontal(agreement.bias, {palette::blue, 1.6, ""});
  for (const Point& point : points) plot.marker(point.mean(), point.difference(), point.category);

  const auto heights_of_labels = spread_out(
      {plot.py(agreement.high), plot.py(agreement.bias), plot.py(agreement.low)}, limits ? 31 : 0);
  const double x = plot.right() + 7;
  const auto annotate = [&](double y, std::string_view what, double value,
                            std::string_view colour) {
    plot.text(x, y - 2, what, Anchor::start, colour);
    plot.text(x, y + 12, sign(value, 2), Anchor::start, colour);
  };
  annotate(heights_of_labels[1], "bias", agreement.bias, palette::blue);
  if (limits) {
    annotate(heights_of_labels[0], "+1.96 SD", agreement.high, palette::vermilion);
    annotate(heights_of_labels[2], "\u22121.96 SD", agreement.low, palette::vermilion);
  }
  if (!legend.empty()) plot.legend(legend);

  const std::string numbers =
      limits ? concat("bias ", sign(agreement.bias, 2), " bpm, limits of agreement ",
                      sign(agreement.low, 2), " to ", sign(agreement.high, 2), bpm)
             : concat("difference ", sign(agreement.bias, 2), bpm);
  std::string caption =
      concat("Prediction \u2212 reference over their mean: ", numbers, " (",
             counted(points.size(), "window"), ", ", counted(run.subjects(), "subject"), ").");
  if (limits) caption += " Bands: 95 % confidence intervals, windows taken as independent.";
  return {concat(prefix, ".bland-altman"), "Bland\u2013Altman plot", caption,
          plot.finish(concat("Bland\u2013Altman plot of ", run.label), caption),
          window_csv(points, ",mean_bpm,difference_bpm", [](const Point& point) {
            return concat(",", point.mean(), ",", point.difference());
          })};
}

Figure scatter_figure(const Run& run, std::string_view prefix) {
  const std::vector<Point> points = points_of(run);
  const std::vector<double> reference = column(points, &Point::reference);
  const std::vector<double> prediction = column(points, &Point::prediction);
  std::vector<double> both = reference;
  both.insert(both.end(), prediction.begin(), prediction.end());
  const Range range = range_of(both, 0.06, 20);

  const std::vector<LegendEntry> legend = dataset_legend(run);
  Frame frame = frame_for(legend);
  frame.right = frame.width - (frame.height - frame.top - 46) - 57;  // a square area
  Plot plot(concat(prefix, ".scatter"), frame, {"reference heart rate (bpm)", range, {}, 5},
            {"predicted heart rate (bpm)", range, {}, 5});
  const double low = range.low;
  const double high = range.high;
  plot.polygon(std::array{low, high, high, low}, std::array{low - 5, high - 5, high + 5, low + 5},
               palette::sky, 0.22);
  plot.line(std::array{low, high}, std::array{low, high}, {palette::grey, 1.2, ""});
  for (const Point& point : points) plot.marker(point.reference, point.prediction, point.category);

  const double mae = mean(column(points, &Point::error));
  const double r = signal::pearson(prediction, reference);
  const double ccc = concordance(reference, prediction);
  double y = plot.top() + 12;
  const auto annotate = [&](std::string_view text) {
    plot.text(plot.right() + 10, y, text);
    y += 17;
  };
  if (std::isfinite(r)) annotate(concat("r = ", format_fixed(r, 3)));
  if (std::isfinite(ccc)) annotate(concat("CCC = ", format_fixed(ccc, 3)));
  annotate(concat("MAE = ", format_fixed(mae, 2)));
  annotate(concat("n = ", points.size()));
  plot.text(plot.right() + 10, plot.bottom() - 22, "line: identity", Anchor::start, palette::grey);
  plot.text(plot.right() + 10, plot.bottom() - 6, "band: \u00B15 bpm", Anchor::start,
            palette::grey);
  if (!legend.empty()) plot.legend(legend);

  const std::string caption =
      concat("Predicted over reference heart rate: ",
             std::isfinite(r) ? concat("r = ", format_fixed(r, 3), ", ") : std::string(),
             "MAE = ", format_fixed(mae, 2), " bpm, ", counted(points.size(), "window"), ".");
  return {concat(prefix, ".scatter"), "Prediction and reference", caption,
          plot.finish(concat("Predicted and reference heart rates of ", run.label), caption),
          window_csv(points, "", [](const Point&) { return std::string(); })};
}

Figure cumulative_error_figure(const Run& run, std::string_view prefix) {
  std::vector<double> errors = column(points_of(run), &Point::error);
  std::sort(errors.begin(), errors.end());
  const double n = static_cast<double>(errors.size());
  const double limit = std::clamp(errors.back() * 1.05, 8.0, 30.0);
  const auto share = [&](double error) {
    const auto end = std::upper_bound(errors.begin(), errors.end(), error);
    return 100 * static_cast<double>(end - errors.begin()) / n;
  };

  std::vector<double> x{0};
  std::vector<double> y{0};
  std::string csv = "absolute_error_bpm,share_percent\n";
  for (std::size_t i = 0; i < errors.size(); ++i) {
    x.insert(x.end(), {errors[i], errors[i]});
    y.insert(y.end(), {y.back(), 100 * static_cast<double>(i + 1) / n});
    csv += concat(errors[i], ",", y.back(), "\n");
  }
  x.push_back(std::max(limit, errors.back()));
  y.push_back(100);

  Plot plot(concat(prefix, ".cumulative-error"), Frame(),
            {"|prediction \u2212 reference| (bpm)", {0, limit}, {}, 6},
            {"windows with at most this error (%)", {0, 103}, {}, 5});
  for (const double mark : error_marks_bpm) plot.vertical(mark, {palette::grey, 0.9, "3 3"});
  plot.line(x, y, {palette::blue, 1.8, ""});
  std::string shares;
  double height = plot.bottom() - 12 - 17.0 * (error_marks_bpm.size() - 1);
  for (const double mark : error_marks_bpm) {
    plot.marker(mark, share(mark), 1, 3.6);
    const std::string text =
        concat("\u2264 ", format_fixed(mark, 0), " bpm: ", format_fixed(share(mark), 1), " %");
    plot.text(plot.right() - 8, height, text, Anchor::end);
    shares += concat(shares.empty() ? "" : ", ", text);
    height += 17;
  }
  const double beyond = 100 - share(limit);
  std::string caption = concat("Cumulative absolute error over ", counted(errors.size(), "window"),
                               ": ", shares, ".");
  if (beyond > 0) {
    caption += concat(" ", format_fixed(beyond, 1), " % lie beyond the axis (largest ",
                      format_fixed(errors.back(), 1), " bpm).");
  }
  return {concat(prefix, ".cumulative-error"), "Cumulative error", caption,
          plot.finish(concat("Cumulative absolute error of ", run.label), caption), csv};
}

Figure subject_error_figure(const Run& run, std::string_view prefix) {
  struct Subject {
    std::string name;
    std::string dataset;
    std::vector<double> errors;
    double mean = 0;
  };
  std::map<std::pair<std::string, std::string>, Subject> by_name;
  for (const Point& point : points_of(run)) {
    const RunRecording& recording = *point.recording;
    Subject& subject = by_name[{recording.dataset, recording.subject}];
    subject.name = recording.subject;
    subject.dataset = recording.dataset;
    subject.errors.push_back(point.error());
  }
  std::vector<Subject> subjects;
  for (auto& [key, subject] : by_name) {
    subject.mean = mean(subject.errors);
    subjects.push_back(std::move(subject));
  }
  std::stable_sort(subjects.begin(), subjects.end(),
                   [](const Subject& a, const Subject& b) { return a.mean > b.mean; });

  constexpr std::size_t most_names = 60;
  Axis x{"subject, by error",
         {-0.7, std::max(static_cast<double>(subjects.size()), 12.0) - 0.3},
         {},
         8};
  double highest = 1;
  std::string csv = "rank,subject,dataset,windows,mean_absolute_error_bpm,largest_error_bpm\n";
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const Subject& subject = subjects[i];
    const double largest = *std::max_element(subject.errors.begin(), subject.errors.end());
    highest = std::max(highest, largest);
    if (subjects.size() <= most_names) {
      x.ticks.push_back({static_cast<double>(i), shorten(subject.name, 12)});
    }
    csv += concat(i + 1, ",", io::csv_cell(subject.name), ",", io::csv_cell(subject.dataset), ",",
                  subject.errors.size(), ",", subject.mean, ",", largest, "\n");
  }
  Plot plot(concat(prefix, ".subject-error"), {860, 280, 14, 16}, x,
            {"|error| (bpm)", {0, highest * 1.06}, {}, 5});
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const auto at = static_cast<double>(i);
    plot.box({at - 0.36, at + 0.36}, {0, subjects[i].mean}, palette::blue, 0.85);
    if (subjects[i].errors.size() < 2) continue;
    for (const double error : subjects[i].errors) plot.marker(at, error, 1, 2.2);
  }
  const double overall = mean(column(points_of(run), &Point::error));
  plot.horizontal(overall, {palette::ink, 1, "6 4"});
  plot.text(plot.right() - 4, plot.py(overall) - 5, concat("MAE ", format_fixed(overall, 2), bpm),
            Anchor::end);
  const std::string caption = concat(
      "Mean absolute error of each subject, sorted (bars), its windows where it has several "
      "(squares), and the MAE over all windows (dashed). ",
      counted(subjects.size(), "subject"), ".");
  return {concat(prefix, ".subject-error"), "Error by subject", caption,
          plot.finish(concat("Absolute error by subject of ", run.label), caption), csv};
}

std::optional<Figure> condition_figure(const Run& run, Condition condition,
                                       std::string_view prefix) {
  const std::vector<std::string> groups = values(run, condition);
  if (groups.size() < 2) return std::nullopt;
  std::string word(name(condition));
  word.front() = static_cast<char>(word.front() - 'A' + 'a');

  const std::vector<Point> points = points_of(run);
  Axis x{word, {-0.6, static_cast<double>(groups.size()) - 0.4}, {}, 6};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    x.ticks.push_back(
        {static_cast<double>(i), groups[i].empty() ? "(none)" : shorten(groups[i], 18)});
  }
  const std::vector<double> all = column(points, &Point::error);
  const double highest = std::max(1.0, *std::max_element(all.begin(), all.end()));
  Plot plot(concat(prefix, ".error-by-", file_stem(word)), Frame(), x,
            {"|error| (bpm)", {0, highest * 1.06}, {}, 6});
  std::string csv = concat(file_stem(word), ",recording,start_s,absolute_error_bpm\n");
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto at = static_cast<double>(i);
    std::vector<double> errors;
    for (const Point& point : points) {
      if (value(*point.recording, condition) != groups[i]) continue;
      // Points step from side to side so that equal errors stay visible.
      const double side = 0.06 * (static_cast<double>(errors.size() % 5) - 2);
      plot.marker(at + side, point.error(), 0, 2.6);
      errors.push_back(point.error());
      csv += concat(io::csv_cell(groups[i]), ",", io::csv_cell(point.recording->id), ",",
                    point.start_s, ",", point.error(), "\n");
    }
    std::sort(errors.begin(), errors.end());
    const double low = quantile(errors, 0.25);
    const double high = quantile(errors, 0.75);
    const auto whisker_low =
        *std::lower_bound(errors.begin(), errors.end(), low - 1.5 * (high - low));
    const auto whisker_high =
        *std::prev(std::upper_bound(errors.begin(), errors.end(), high + 1.5 * (high - low)));
    const Stroke stroke{palette::ink, 1.2, ""};
    plot.line(std::array{at - 0.3, at + 0.3, at + 0.3, at - 0.3, at - 0.3},
              std::array{low, low, high, high, low}, stroke);
    plot.line(std::array{at, at}, std::array{whisker_low, low}, stroke);
    plot.line(std::array{at, at}, std::array{high, whisker_high}, stroke);
    const double median = quantile(errors, 0.5);
    plot.line(std::array{at - 0.3, at + 0.3}, std::array{median, median},
              {palette::vermilion, 2.2, ""});
  }
  const std::string caption =
      concat("Absolute error by ", word,
             ": quartiles (box), median (thick line), whiskers to the last point within 1.5 "
             "interquartile ranges, and every window (points).");
  return Figure{concat(prefix, ".error-by-", file_stem(word)), concat("Error by ", word), caption,
                plot.finish(concat("Absolute error by ", word, " of ", run.label), caption), csv};
}

}  // namespace rppg::results
