// Which table is used. The choice is made once per process, so each case asks in a child process.
#include <cstdlib>
#include <optional>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/error.h"
#include "kernels/kernels.h"

using namespace rppg;

namespace {

/// What kernels() does in a new process: the name of the table, or "STATUS message".
std::string chosen(const std::optional<std::string>& forced) {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (forced) {
      ::setenv("RPPG_ISA", forced->c_str(), 1);
    } else {
      ::unsetenv("RPPG_ISA");
    }
    std::string answer;
    try {
      answer = kernels().isa;
    } catch (const Error& error) {
      answer = std::to_string(static_cast<int>(error.status())) + " " + error.what();
    }
    const ssize_t written = ::write(ends[1], answer.data(), answer.size());
    ::_exit(written == static_cast<ssize_t>(answer.size()) ? 0 : 1);
  }
  ::close(ends[1]);
  std::string answer;
  char buffer[512];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    answer.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(ends[0]);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  return answer;
}

bool is_available(std::string_view isa) {
  for (const Kernels* table : available_kernels()) {
    if (table->isa == isa) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("the baseline is always there, and the tables have names of their own") {
  const auto tables = available_kernels();
  REQUIRE(!tables.empty());
  CHECK(std::string(tables.front()->isa) == "baseline");
  for (std::size_t i = 1; i < tables.size(); ++i) {
    CHECK(std::string(tables[i]->isa) == (i == 1 ? "avx2" : "avx512"));
    CHECK((tables[i]->sum_bytes != tables[i - 1]->sum_bytes));
    CHECK((tables[i]->sum_rgb != tables[i - 1]->sum_rgb));
  }
}

TEST_CASE("without RPPG_ISA the best table is used") {
  CHECK(chosen(std::nullopt) == available_kernels().back()->isa);
  CHECK(chosen("") == available_kernels().back()->isa);
}

TEST_CASE("RPPG_ISA forces a table, or says that this machine lacks it") {
  for (const std::string isa : {"baseline", "avx2", "avx512"}) {
    CHECK(chosen(isa) ==
          (is_available(isa) ? isa : "69 RPPG_ISA=" + isa + ": this machine lacks it"));
  }
}

TEST_CASE("another name in RPPG_ISA is a usage error") {
  for (const std::string name : {"AVX2", "avx", "avx2 ", "sse\n"}) {
    const std::string answer = chosen(name);
    CHECK(answer.substr(0, 12) == "64 RPPG_ISA=");
    CHECK(answer.find("one of baseline, avx2, avx512") != std::string::npos);
    CHECK(answer.find('\n') == std::string::npos);
  }
}
