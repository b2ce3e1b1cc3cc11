#include "results/svg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "results/markup.h"

namespace rppg::results {
namespace {

constexpr double font_size = 12;
constexpr double slant_degrees = 50;
constexpr std::array category_colours{palette::blue,   palette::vermilion, palette::green,
                                      palette::orange, palette::purple,    palette::sky};

/// A coordinate: two decimals at most.
std::string number(double value) {
  std::string text = format_fixed(value, 2);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::string attribute(std::string_view name, double value) {
  return concat(" ", name, "=\"", number(value), "\"");
}

std::string segment(double x1, double y1, double x2, double y2, Stroke stroke) {
  std::string out = concat("<line", attribute("x1", x1), attribute("y1", y1), attribute("x2", x2),
                           attribute("y2", y2), " stroke=\"", stroke.colour, "\"",
                           attribute("stroke-width", stroke.width));
  if (!stroke.dashes.empty()) out += concat(" stroke-dasharray=\"", stroke.dashes, "\"");
  return out + "/>\n";
}

std::string rectangle(double x, double y, double width, double height, std::string_view colour,
                      double opacity) {
  std::string out = concat("<rect", attribute("x", x), attribute("y", y), attribute("width", width),
                           attribute("height", height), " fill=\"", colour, "\"");
  if (opacity < 1) out += attribute("fill-opacity", opacity);
  return out + "/>\n";
}

std::string_view name(Anchor anchor) {
  switch (anchor) {
    case Anchor::start:
      return "start";
    case Anchor::middle:
      return "middle";
    case Anchor::end:
      break;
  }
  return "end";
}

std::string label(double x, double y, std::string_view text, Anchor anchor, std::string_view colour,
                  std::string_view more = {}) {
  return concat("<text", attribute("x", x), attribute("y", y), " text-anchor=\"", name(anchor),
                "\" fill=\"", colour, "\"", more, ">", to_xml(text), "</text>\n");
}

std::string rotation(double degrees, double x, double y) {
  return concat(" transform=\"rotate(", number(degrees), " ", number(x), " ", number(y), ")\"");
}

double longest(const std::vector<Tick>& ticks) {
  double width = 0;
  for (const Tick& tick : ticks) width = std::max(width, text_width(tick.text));
  return width;
}

}  // namespace

std::string_view palette::category(std::size_t index) {
  return category_colours[index % category_colours.size()];
}

double text_width(std::string_view text) {
  return 0.56 * font_size * static_cast<double>(character_count(text));
}

Range range_of(std::span<const double> values, double margin, double smallest) {
  Range range{INFINITY, -INFINITY};
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    range = {std::min(range.low, value), std::max(range.high, value)};
  }
  if (range.low > range.high) return {0, 1};
  const double widening = std::max(margin * range.span(), (smallest - range.span()) / 2);
  return {range.low - widening, range.high + widening};
}

std::vector<Tick> round_ticks(Range range, int count) {
  const double raw = range.span() / std::max(count, 1);
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0}) {
    if (factor * power >= raw * 0.8) step = factor * power;
  }
  const int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  std::vector<Tick> ticks;
  const double first = std::ceil(range.low / step - 1e-9);
  const double last = std::floor(range.high / step + 1e-9);
  for (double i = first; i <= last; ++i) {
    const std::string digits = format_fixed(std::abs(i) * step, decimals);
    ticks.push_back({i * step, i < 0 ? concat("\u2212", digits) : digits});
  }
  return ticks;
}

Plot::Plot(std::string_view id, Frame frame, Axis x, Axis y)
    : id_(id), frame_(frame), x_(std::move(x)), y_(std::move(y)) {
  place_axes();
}

void Plot::place_axes() {
  const std::vector<Tick> y_ticks =
      y_.ticks.empty() ? round_ticks(y_.range, y_.tick_count) : y_.ticks;
  left_ = std::ceil(longest(y_ticks)) + (y_.label.empty() ? 14 : 34);
  bottom_margin_ = x_.label.empty() ? 28 : 46;
  if (x_.ticks.size() < 2) return;
  const double spacing = (right() - left_) / x_.range.span();
  slanted_ = longest(x_.ticks) > spacing - 6;
  if (!slanted_) return;
  // Slanted labels extend the image below, so that the plot area keeps its size.
  const double below = std::ceil(0.75 * longest(x_.ticks) * std::sin(slant_degrees * M_PI / 180));
  bottom_margin_ += below;
  frame_.height += below;
}

double Plot::px(double x) const {
  return left() + (x - x_.range.low) / x_.range.span() * (right() - left());
}

double Plot::py(double y) const {
  return bottom() - (y - y_.range.low) / y_.range.span() * (bottom() - top());
}

void Plot::line(std::span<const double> x, std::span<const double> y, Stroke stroke) {
  std::string path;
  bool drawing = false;
  for (std::size_t i = 0; i < x.size() && i < y.size(); ++i) {
    const bool finite = std::isfinite(x[i]) && std::isfinite(y[i]);
    if (finite) path += concat(drawing ? "L" : "M", number(px(x[i])), " ", number(py(y[i])));
    drawing = finite;
  }
  if (path.empty()) return;
  inside_ += concat("<path d=\"", path, "\" fill=\"none\" stroke=\"", stroke.colour, "\"",
                    attribute("stroke-width", stroke.width), " stroke-linejoin=\"round\"");
  if (!stroke.dashes.empty()) inside_ += concat(" stroke-dasharray=\"", stroke.dashes, "\"");
  inside_ += "/>\n";
}

void Plot::polygon(std::span<const double> x, std::span<const double> y, std::string_view colour,
                   double opacity) {
  std::string points;
  for (std::size_t i = 0; i < x.size(); ++i) {
    points += concat(i == 0 ? "" : " ", number(px(x[i])), ",", number(py(y[i])));
  }
  inside_ += concat("<polygon points=\"", points, "\" fill=\"", colour, "\"",
                    attribute("fill-opacity", opacity), "/>\n");
}

void Plot::box(Range x, Range y, std::string_view colour, double opacity) {
  inside_ += rectangle(px(x.low), py(y.high), px(x.high) - px(x.low), py(y.low) - py(y.high),
                       colour, opacity);
}

void Plot::horizontal(double y, Stroke stroke) {
  inside_ += segment(left(), py(y), right(), py(y), stroke);
}

void Plot::vertical(double x, Stroke stroke) {
  inside_ += segment(px(x), top(), px(x), bottom(), stroke);
}

void Plot::append_mark(double x, double y, std::size_t category, double radius,
                       std::string& out) const {
  const auto at = [&](double dx, double dy) {
    return concat(number(x + dx * radius), ",", number(y + dy * radius));
  };
  const std::string style =
      concat(" fill=\"", palette::category(category),
             "\" fill-opacity=\"0.75\" stroke=\"#ffffff\" stroke-width=\"0.6\"/>\n");
  switch (category % 4) {
    case 0:
      out +=
          concat("<circle", attribute("cx", x), attribute("cy", y), attribute("r", radius), style);
      return;
    case 1:
      out += concat("<rect", attribute("x", x - 0.9 * radius), attribute("y", y - 0.9 * radius),
                    attribute("width", 1.8 * radius), attribute("height", 1.8 * radius), style);
      return;
    case 2:
      out += concat("<polygon points=\"", at(0, -1.2), " ", at(1.1, 0.9), " ", at(-1.1, 0.9), "\"",
                    style);
      return;
    default:
      out += concat("<polygon points=\"", at(0, -1.3), " ", at(1.3, 0), " ", at(0, 1.3), " ",
                    at(-1.3, 0), "\"", style);
  }
}

void Plot::marker(double x, double y, std::size_t category, double radius) {
  if (std::isfinite(x) && std::isfinite(y)) append_mark(px(x), py(y), category, radius, inside_);
}

void Plot::text(double x, double y, std::string_view text, Anchor anchor, std::string_view colour) {
  outside_ += label(x, y, text, anchor, colour,
                    " paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"3\" "
                    "stroke-linejoin=\"round\"");
}

void Plot::legend(const std::vector<LegendEntry>& entries) {
  double x = left();
  const double y = top() - 16;
  for (const LegendEntry& entry : entries) {
    switch (entry.mark) {
      case Mark::line:
        outside_ += segment(x, y, x + 18, y, {entry.colour, 2, ""});
        break;
      case Mark::dashed:
        outside_ += segment(x, y, x + 18, y, {entry.colour, 1.5, "5 3"});
        break;
      case Mark::box:
        outside_ += rectangle(x + 3, y - 6, 12, 12, entry.colour, 1);
        break;
      case Mark::marker:
        append_mark(x + 9, y, entry.category, 4, outside_);
        break;
    }
    outside_ += label(x + 23, y + 4, entry.text, Anchor::start, palette::ink);
    x += 23 + text_width(entry.text) + 16;
  }
}

std::string Plot::x_axis() const {
  const bool numeric = x_.ticks.empty();
  std::string out;
  for (const Tick& tick : numeric ? round_ticks(x_.range, x_.tick_count) : x_.ticks) {
    const double x = px(tick.at);
    if (numeric) out += segment(x, top(), x, bottom(), {palette::light, 0.8, ""});
    if (slanted_) {
      out += label(x + 4, bottom() + 13, tick.text, Anchor::end, palette::ink,
                   rotation(-slant_degrees, x + 4, bottom() + 13));
    } else {
      out += label(x, bottom() + 17, tick.text, Anchor::middle, palette::ink);
    }
  }
  out += segment(left(), bottom(), right(), bottom(), {palette::grey, 1, ""});
  const double middle = (left() + right()) / 2;
  return out + label(middle, frame_.height - 9, x_.label, Anchor::middle, palette::ink);
}

std::string Plot::y_axis() const {
  const bool numeric = y_.ticks.empty();
  std::string out;
  for (const Tick& tick : numeric ? round_ticks(y_.range, y_.tick_count) : y_.ticks) {
    const double y = py(tick.at);
    if (numeric) out += segment(left(), y, right(), y, {palette::light, 0.8, ""});
    out += label(left() - 7, y + 4, tick.text, Anchor::end, palette::ink);
  }
  out += segment(left(), top(), left(), bottom(), {palette::grey, 1, ""});
  const double middle = (top() + bottom()) / 2;
  return out + label(14, middle, y_.label, Anchor::middle, palette::ink, rotation(-90, 14, middle));
}

std::string Plot::finish(std::string_view title, std::string_view description) const {
  const std::string size = concat(number(frame_.width), " ", number(frame_.height));
  return concat("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ", size, "\"",
                attribute("width", frame_.width), attribute("height", frame_.height),
                " role=\"img\" aria-labelledby=\"", id_, "-title ", id_,
                "-desc\" font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\"",
                attribute("font-size", font_size), ">\n<title id=\"", id_, "-title\">",
                to_xml(title), "</title>\n<desc id=\"", id_, "-desc\">", to_xml(description),
                "</desc>\n", rectangle(0, 0, frame_.width, frame_.height, "#ffffff", 1),
                "<clipPath id=\"", id_, "-area\">", "<rect", attribute("x", left()),
                attribute("y", top()), attribute("width", right() - left()),
                attribute("height", bottom() - top()), "/></clipPath>\n", x_axis(), y_axis(),
                "<g clip-path=\"url(#", id_, "-area)\">\n", inside_, "</g>\n", outside_,
                "</svg>\n");
}

}  // namespace rppg::results
