// Output folders -> tables and one page with figures.
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "results/page.h"

namespace rppg::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<fs::path> runs;
  std::vector<std::string> formats{"html", "md", "tex", "csv"};
  std::string spread = "se";
  std::string expected;
  bool allow_partial = false;
  bool repetitions = false;
};

/// A table over part of the recordings is printed only on request.
void require_coverage(const std::vector<results::Run>& runs, bool allow_partial) {
  for (const results::Run& run : runs) {
    if (run.fully_covered()) continue;
    if (!allow_partial) {
      throw Error(Status::gate_failed, run.folder,
                  concat(run.coverage_text(), "; --allow-partial prints its numbers nevertheless"));
    }
    log::warning(concat(run.folder.string(), ": ", run.coverage_text()));
  }
}

void write_figures(const results::Report& report, const fs::path& out) {
  const fs::path folder = out / "figures";
  create_writable_folder(folder);
  for (const results::Figure* figure : results::figures(report)) {
    write_file(folder / concat(figure->name, ".svg"), figure->svg);
    write_file(folder / concat(figure->name, ".csv"), figure->csv);
  }
}

void write_report(const Options& options, const results::Report& report, const fs::path& out) {
  create_writable_folder(out);
  for (const std::string& format : options.formats) {
    if (format == "md") write_file(out / "tables.md", results::tables_markdown(report));
    if (format == "tex") write_file(out / "tables.tex", results::tables_latex(report));
    if (format == "csv") write_file(out / "tables.csv", results::to_csv(report.runs));
    if (format == "html") {
      write_figures(report, out);
      write_file(out / "report.html", results::report_page(report));
    }
  }
}

Status run(const Options& options, const CommonOptions& common) {
  if (common.out.empty() && options.expected.empty() && !common.dry_run) {
    throw Error(Status::usage, "report needs an output folder (-o DIR) or --check FILE");
  }
  std::vector<fs::path> run_folders, label_folders;
  std::partition_copy(options.runs.begin(), options.runs.end(), std::back_inserter(label_folders),
                      std::back_inserter(run_folders), results::holds_labels);
  std::vector<results::Run> runs = results::read_runs(run_folders);
  std::vector<std::string> lines;
  if (!options.expected.empty()) lines = results::deviations(runs, options.expected);
  require_coverage(runs, options.allow_partial);
  if (!common.out.empty() && !common.dry_run) {
    const results::ReportOptions how{
        options.spread == "ci95" ? results::Spread::ci95 : results::Spread::standard_error,
        options.repetitions};
    write_report(options, results::make_report(std::move(runs), label_folders, how), common.out);
    log::info(concat("report: ", options.runs.size(),
                     options.runs.size() == 1 ? " run, " : " runs, ", common.out.string()));
  }
  for (const std::string& line : lines) log::error(line);
  return lines.empty() ? Status::ok : Status::gate_failed;
}

std::function<Status()> declare(CLI::App& app, const CommonOptions& common) {
  auto options = std::make_shared<Options>();
  app.add_option("run", options->runs, "Output folders of evaluate, merge or quantize-labels")
      ->required()
      ->type_name("RUN_DIR");
  app.add_option("--format", options->formats,
                 "What to write: html (report.html and figures/), md, tex, csv (tables.*)")
      ->delimiter(',')
      ->check(CLI::IsMember({"html", "md", "tex", "csv"}))
      ->allow_extra_args(false)
      ->default_str("html,md,tex,csv")
      ->type_name("LIST");
  app.add_option("--spread", options->spread,
                 "Beside each value: se (standard error) or ci95 (bootstrap over subjects)")
      ->check(CLI::IsMember({"se", "ci95"}))
      ->capture_default_str()
      ->type_name("WHAT");
  app.add_flag("--repetitions", options->repetitions,
               "Runs whose folders stand in the same folder are repetitions of one training: their "
               "means and deviations, and a paired test against the first such folder");
  app.add_option(
         "--check", options->expected,
         "Exit with status 12 when a metric deviates from this file, "
         "{\"RUN\": {\"MAE\": {\"value\": 1.2, \"tolerance\": 0.1}}}; RUN is the name of the "
         "run's folder, with as many parent folders as make it unique")
      ->type_name("EXPECTED.json");
  app.add_flag("--allow-partial", options->allow_partial,
               "Print tables although recordings are missing; without it the status is 12");
  return [options, &common] { return run(*options, common); };
}

}  // namespace

const Command report_command{
    "report", "Make tables and a page with figures out of runs",
    "Reads output folders of evaluate and quantize-labels and writes report.html (one file, no "
    "scripts), tables.md, "
    "tables.tex (booktabs), tables.csv, and figures/ with each figure as SVG and its numbers as "
    "CSV. "
    "Runs under different protocols never share a table; n/N and the protocol with its hash stand "
    "under each. A run with recordings that failed, were skipped or have no heart rate is refused "
    "unless --allow-partial is given.",
    "Bland and Altman, Lancet 1986; Okabe and Ito, Color Universal Design, 2008", declare};

}  // namespace rppg::cli
