#include "results/markup.h"

#include <array>
#include <cstdint>

#include "base/text.h"

namespace rppg::results {
namespace {

constexpr char32_t replacement = 0xFFFD;

/// Length of the UTF-8 sequence that a lead byte announces; 0 for a byte that cannot lead.
std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

/// The code point at `at`, which is moved behind it; U+FFFD and one byte for what is no UTF-8.
char32_t take(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = sequence_length(byte(at));
  if (length == 0 || at + length > text.size()) return ++at, replacement;
  char32_t code = length == 1 ? byte(at) : byte(at) & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0u) != 0x80u) return ++at, replacement;
    code = (code << 6) | (byte(at + i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code < 0xE000;
  if (code < smallest[length] || surrogate || code > 0x10FFFF) return ++at, replacement;
  at += length;
  return code;
}

std::u32string decode(std::string_view text) {
  std::u32string codes;
  for (std::size_t at = 0; at < text.size();) codes += take(text, at);
  return codes;
}

void append_utf8(std::string& out, char32_t code) {
  const auto put = [&](char32_t bits) {
    out += static_cast<char>(static_cast<unsigned char>(bits));
  };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | (code >> 6));
  } else {
    if (code < 0x10000) {
      put(0xE0 | (code >> 12));
    } else {
      put(0xF0 | (code >> 18));
      put(0x80 | ((code >> 12) & 0x3F));
    }
    put(0x80 | ((code >> 6) & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

/// At least four upper-case hexadecimal digits.
std::string hexadecimal(char32_t code) {
  std::string digits;
  for (int shift = 20; shift >= 0; shift -= 4) {
    const auto digit = static_cast<unsigned>((code >> shift) & 0xF);
    if (digit != 0 || !digits.empty() || shift < 16) digits += "0123456789ABCDEF"[digit];
  }
  return digits;
}

bool between(char32_t code, char32_t first, char32_t last) { return code >= first && code <= last; }

/// Control characters, line separators, direction marks, non-characters.
bool invisible(char32_t code) {
  return code < 0x20 || between(code, 0x7F, 0x9F) || between(code, 0x200B, 0x200F) ||
         between(code, 0x2028, 0x202E) || between(code, 0x2060, 0x206F) || code == 0xFEFF ||
         (code & 0xFFFE) == 0xFFFE;
}

/// text with all invisible code points spelled out.
std::u32string visible(std::string_view text) {
  std::u32string out;
  for (const char32_t code : decode(text)) {
    if (!invisible(code)) {
      out += code;
      continue;
    }
    out += U"\\u";
    for (const char digit : hexadecimal(code)) out += static_cast<char32_t>(digit);
  }
  return out;
}

std::string encode(const std::u32string& codes) {
  std::string out;
  for (const char32_t code : codes) append_utf8(out, code);
  return out;
}

std::string_view xml_entity(char32_t code) {
  switch (code) {
    case U'&':
      return "&amp;";
    case U'<':
      return "&lt;";
    case U'>':
      return "&gt;";
    case U'"':
      return "&quot;";
    case U'\'':
      return "&#39;";
    default:
      return {};
  }
}

std::string_view latex_command(char32_t code) {
  switch (code) {
    case U'\\':
      return "\\textbackslash{}";
    case U'{':
      return "\\{";
    case U'}':
      return "\\}";
    case U'$':
      return "\\$";
    case U'&':
      return "\\&";
    case U'#':
      return "\\#";
    case U'%':
      return "\\%";
    case U'_':
      return "\\_";
    case U'^':
      return "\\textasciicircum{}";
    case U'~':
      return "\\textasciitilde{}";
    case U'<':
      return "\\textless{}";
    case U'>':
      return "\\textgreater{}";
    case U'|':
      return "\\textbar{}";
    case U'"':
      return "''";
    case U'`':
      return "{`}";
    case U'[':
      return "{[}";  // never the optional argument of a line end
    case U']':
      return "{]}";
    case U'\u00B1':
      return "$\\pm$";
    case U'\u00B2':
      return "$^2$";
    case U'\u00B7':
      return "$\\cdot$";
    case U'\u00D7':
      return "$\\times$";
    case U'\u00F7':
      return "$\\div$";
    case U'\u03BB':
      return "$\\lambda$";
    case U'\u2013':
      return "--";
    case U'\u2026':
      return "\\ldots{}";
    case U'\u2191':
      return "$\\uparrow$";
    case U'\u2193':
      return "$\\downarrow$";
    case U'\u2212':
      return "$-$";
    case U'\u2264':
      return "$\\le$";
    case U'\u2265':
      return "$\\ge$";
    default:
      return {};
  }
}

/// Letters that LaTeX's default font encoding can compose.
bool latin_letter(char32_t code) {
  return between(code, 0xC0, 0xFF) && code != 0xD0 && code != 0xDE && code != 0xF0 && code != 0xFE;
}

bool markdown_special(char32_t code) {
  return code < 0x80 &&
         std::string_view("\\`*_[]#|~$@").find(static_cast<char>(code)) != std::string_view::npos;
}

}  // namespace

std::size_t character_count(std::string_view text) { return decode(text).size(); }

std::string counted(std::size_t n, std::string_view noun) {
  return concat(n, " ", noun, n == 1 ? "" : "s");
}

std::string shorten(std::string_view text, std::size_t limit) {
  std::u32string codes = visible(text);
  if (codes.size() > limit && limit > 0) {
    const std::size_t tail = (limit - 1) / 2;
    const std::size_t head = limit - 1 - tail;
    codes = codes.substr(0, head) + U'\u2026' + codes.substr(codes.size() - tail);
  }
  return encode(codes);
}

std::string to_xml(std::string_view text) {
  std::string out;
  for (const char32_t code : visible(text)) {
    const std::string_view entity = xml_entity(code);
    if (entity.empty()) {
      append_utf8(out, code);
    } else {
      out += entity;
    }
  }
  return out;
}

std::string to_latex(std::string_view text) {
  std::string out;
  for (const char32_t code : visible(text)) {
    const std::string_view command = latex_command(code);
    if (!command.empty()) {
      out += command;
    } else if (code == U'-' && out.ends_with('-')) {
      out += "{-}";  // no ligature for a--b
    } else if (code < 0x80 || latin_letter(code)) {
      append_utf8(out, code);
    } else {
      out += "{[}U+" + hexadecimal(code) + "{]}";
    }
  }
  return out;
}

std::string to_markdown(std::string_view text) {
  std::string out;
  for (const char32_t code : visible(text)) {
    const std::string_view entity = xml_entity(code);
    if (!entity.empty() && code != U'\'' && code != U'"') {
      out += entity;
      continue;
    }
    if (markdown_special(code)) out += '\\';
    if (code == U'/' && out.ends_with(':')) out.insert(out.size() - 1, 1, '\\');  // never a link
    append_utf8(out, code);
  }
  return out;
}

}  // namespace rppg::results
