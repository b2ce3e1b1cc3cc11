/// Text from outside (subjects, file names, reasons) as XML, LaTeX and Markdown without surprises.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rppg::results {

/// Characters (code points) of UTF-8 text; what is no UTF-8 counts byte by byte.
std::size_t character_count(std::string_view text);

/// "1 subject", "3 subjects".
std::string counted(std::size_t n, std::string_view noun);

/// text with its middle replaced by an ellipsis when it has more than `limit` characters. Control
/// characters, marks that reverse the direction of writing and code points that XML forbids are
/// written as \uXXXX first, so that the result is one line that reads as it is stored.
std::string shorten(std::string_view text, std::size_t limit);

/// Character data or attribute value of HTML and SVG.
std::string to_xml(std::string_view text);

/// Text for LaTeX with its default font encoding: special characters escaped, Latin-1 letters
/// kept, mathematical signs of our own captions in math mode, everything else as [U+XXXX].
std::string to_latex(std::string_view text);

/// Text for a cell of a GitHub table.
std::string to_markdown(std::string_view text);

}  // namespace rppg::results
