// Markdown, LaTeX and HTML of a table.
#include "base/text.h"
#include "results/markup.h"
#include "results/tables.h"

namespace rppg::results {
namespace {

constexpr std::size_t longest_cell = 60;
constexpr std::size_t longest_reason = 200;
constexpr std::size_t shortest_broken_cell = 28;

/// Cell text, shortened for the page; only failure reasons may be long.
std::string shown(const Cell& cell, const Column& column) {
  return shorten(cell.text, column.header == "Reason" ? longest_reason : longest_cell);
}

std::string markdown_cell(const Cell& cell, const Column& column) {
  std::string text = to_markdown(shown(cell, column));
  if (cell.emphasis == Emphasis::best) text = concat("**", text, "**");
  if (cell.emphasis == Emphasis::second) text = concat("<u>", text, "</u>");
  if (!cell.spread.empty()) text += concat(" ", to_markdown(cell.spread));
  return text;
}

std::string latex_cell(const Cell& cell, const Column& column) {
  std::string text = to_latex(shown(cell, column));
  if (cell.emphasis == Emphasis::best) text = concat("\\textbf{", text, "}");
  if (cell.emphasis == Emphasis::second) text = concat("\\underline{", text, "}");
  if (!cell.spread.empty()) text += concat(" {\\footnotesize ", to_latex(cell.spread), "}");
  return text;
}

std::string html_cell(const Cell& cell, const Column& column) {
  std::string text = to_xml(shown(cell, column));
  if (!column.numeric) text = concat("<bdi>", text, "</bdi>");
  if (cell.emphasis == Emphasis::best) text = concat("<b>", text, "</b>");
  if (cell.emphasis == Emphasis::second) text = concat("<u>", text, "</u>");
  if (!cell.spread.empty())
    text += concat(" <span class=\"spread\">", to_xml(cell.spread), "</span>");
  const bool unbroken = character_count(cell.text) <= shortest_broken_cell;
  const std::string_view css = column.numeric ? " class=\"number\""
                               : unbroken     ? " class=\"short\""
                                              : "";
  return concat("<td", css, ">", text, "</td>");
}

/// A LaTeX label holds letters, digits and hyphens only.
std::string latex_label(std::string_view label) {
  std::string out;
  for (const char c : label) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    out += plain ? c : '-';
  }
  return out;
}

}  // namespace

std::string to_markdown(const ReportTable& table) {
  std::string out = concat(to_markdown(table.caption), "\n\n|");
  for (const Column& column : table.columns) out += concat(" ", to_markdown(column.header), " |");
  out += "\n|";
  for (const Column& column : table.columns) out += column.numeric ? " ---: |" : " --- |";
  for (const std::vector<Cell>& row : table.rows) {
    out += "\n|";
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += concat(" ", markdown_cell(row[i], table.columns[i]), " |");
    }
  }
  out += "\n";
  for (const std::string& note : table.notes) out += concat("\n", to_markdown(note), "\n");
  return out;
}

std::string to_latex(const ReportTable& table) {
  std::string out = concat("\\begin{table*}[t]\n\\centering\n\\caption{", to_latex(table.caption),
                           "}\n\\label{tab:", latex_label(table.label),
                           "}\n\\small\n\\setlength{\\tabcolsep}{4pt}\n\\begin{tabular}{@{}");
  for (const Column& column : table.columns) {
    out += column.numeric ? "r" : column.header == "Reason" ? "p{0.45\\linewidth}" : "l";
  }
  out += "@{}}\n\\toprule\n";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    out += concat(i == 0 ? "" : " & ", to_latex(table.columns[i].header));
  }
  out += " \\\\\n\\midrule\n";
  for (const std::vector<Cell>& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += concat(i == 0 ? "" : " & ", latex_cell(row[i], table.columns[i]));
    }
    out += " \\\\\n";
  }
  out += "\\bottomrule\n\\end{tabular}\n";
  if (!table.notes.empty())
    out += "\\par\\smallskip\n\\begin{minipage}{\\linewidth}\\footnotesize\n";
  for (const std::string& note : table.notes) out += concat(to_latex(note), "\\par\n");
  if (!table.notes.empty()) out += "\\end{minipage}\n";
  return out + "\\end{table*}\n";
}

std::string to_html(const ReportTable& table) {
  std::string out = concat("<div class=\"table\">\n<table>\n<caption>", to_xml(table.caption),
                           "</caption>\n<thead><tr>");
  for (const Column& column : table.columns) {
    out += concat("<th scope=\"col\"", column.numeric ? " class=\"number\"" : "", ">",
                  to_xml(column.header), "</th>");
  }
  out += "</tr></thead>\n<tbody>\n";
  for (const std::vector<Cell>& row : table.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) out += html_cell(row[i], table.columns[i]);
    out += "</tr>\n";
  }
  out += "</tbody>\n</table>\n";
  for (const std::string& note : table.notes) {
    out += concat("<p class=\"note\">", to_xml(note), "</p>\n");
  }
  return out + "</div>\n";
}

}  // namespace rppg::results
