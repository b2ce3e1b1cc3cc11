/// A chart with two axes as an SVG image: the small vocabulary that all figures are drawn with.
///
/// Text is 12 units high in charts that are 420 units wide (one column) or 860 (two columns), which
/// is at least 7 pt at the column widths of a two-column paper. Equal calls give equal bytes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rppg::results {

/// Colours that differ for all common kinds of colour vision (Okabe and Ito, 2008).
namespace palette {
inline constexpr std::string_view ink = "#1a1a1a";
inline constexpr std::string_view grey = "#666666";
inline constexpr std::string_view light = "#e4e4e4";
inline constexpr std::string_view blue = "#0072B2";
inline constexpr std::string_view vermilion = "#D55E00";
inline constexpr std::string_view green = "#009E73";
inline constexpr std::string_view orange = "#E69F00";
inline constexpr std::string_view purple = "#CC79A7";
inline constexpr std::string_view sky = "#56B4E9";
/// Colour and marker of the i-th category.
std::string_view category(std::size_t index);
}  // namespace palette

struct Range {
  double low = 0;
  double high = 1;

  double span() const { return high - low; }
};

/// The range of the finite values widened by `margin` of its span on both sides, and never
/// narrower than `smallest`. {0, 1} without finite values.
Range range_of(std::span<const double> values, double margin = 0.06, double smallest = 1);

struct Tick {
  double at = 0;
  std::string text;
};

/// Round numbers (1, 2, 5 times a power of ten) within the range, about `count` of them.
std::vector<Tick> round_ticks(Range range, int count);

struct Axis {
  std::string label;  ///< with the unit
  Range range;
  std::vector<Tick> ticks;  ///< names of categories; none = round numbers and a grid
  int tick_count = 6;
};

/// Outer size and the margins that hold no axis; those with tick labels adapt to them.
struct Frame {
  double width = 420;
  double height = 320;
  double top = 14;
  double right = 16;
};

struct Stroke {
  std::string_view colour = palette::ink;
  double width = 1.2;
  std::string_view dashes;  ///< as stroke-dasharray
};

enum class Anchor { start, middle, end };
enum class Mark { line, dashed, box, marker };

struct LegendEntry {
  std::string text;
  std::string_view colour;
  Mark mark = Mark::line;
  std::size_t category = 0;  ///< of a marker
};

class Plot {
 public:
  /// id: prefix of the identifiers inside the image, unique within one page.
  Plot(std::string_view id, Frame frame, Axis x, Axis y);

  // In units of the axes, clipped to the plot area. Points that are not finite interrupt a line.
  void line(std::span<const double> x, std::span<const double> y, Stroke stroke);
  void polygon(std::span<const double> x, std::span<const double> y, std::string_view colour,
               double opacity);
  void box(Range x, Range y, std::string_view colour, double opacity = 1);
  void horizontal(double y, Stroke stroke);
  void vertical(double x, Stroke stroke);
  /// Circle, square, triangle or diamond, by category.
  void marker(double x, double y, std::size_t category, double radius = 3.2);

  /// Text with a white rim at a place in units of the image.
  void text(double px, double py, std::string_view text, Anchor anchor = Anchor::start,
            std::string_view colour = palette::ink);
  /// One row above the plot area, which needs Frame::top >= 30.
  void legend(const std::vector<LegendEntry>& entries);

  // Places in units of the image.
  double px(double x) const;
  double py(double y) const;
  double left() const { return left_; }
  double right() const { return frame_.width - frame_.right; }
  double top() const { return frame_.top; }
  double bottom() const { return frame_.height - bottom_margin_; }

  /// The image; title and description are its text for readers who cannot see it.
  std::string finish(std::string_view title, std::string_view description) const;

 private:
  void place_axes();
  std::string x_axis() const;
  std::string y_axis() const;
  void append_mark(double px, double py, std::size_t category, double radius,
                   std::string& out) const;

  std::string id_;
  Frame frame_;
  Axis x_;
  Axis y_;
  double left_ = 0;
  double bottom_margin_ = 0;
  bool slanted_ = false;  ///< tick labels of the x axis
  std::string inside_;    ///< clipped to the plot area
  std::string outside_;
};

/// Width of text in units of the image, estimated from above.
double text_width(std::string_view text);

}  // namespace rppg::results
