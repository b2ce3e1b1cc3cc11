/// Files that appear whole or not at all.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

namespace rppg {

/// Writes bytes to path: temporary file beside it, fsync, rename, fsync of the folder.
///
/// An older file of that name is replaced. On failure nothing is left behind and Error is thrown:
/// cannot_create when the temporary file cannot be opened, write_failed (with the bytes that were
/// needed) when it cannot be written in full.
void write_file(const std::filesystem::path& path, std::string_view bytes);
void write_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

/// As write_file, without waiting for the disk: for many files, before one sync_file_system.
void write_file_unsynced(const std::filesystem::path& path, std::string_view bytes);

/// Waits until all that was written to the file system of folder is on its disk. Throws
/// Error(write_failed).
void sync_file_system(const std::filesystem::path& folder);

/// Appends one line (the newline is added) with a single write(), then fsync; for ledgers that
/// several threads share. Throws as write_file does.
void append_line(const std::filesystem::path& path, std::string_view line);

/// The whole file. Throws Error: missing when it cannot be opened or is not a regular file,
/// unavailable when it is longer than limit_bytes, malformed on a read error.
std::string read_file(const std::filesystem::path& path, std::size_t limit_bytes = 1U << 30);

/// Creates folder (and its parents), and proves that files can be created in it.
/// Throws Error(cannot_create) with the reason.
void create_writable_folder(const std::filesystem::path& folder);

/// Removes temporary files that a killed run left in folder.
void remove_stale_temporaries(const std::filesystem::path& folder);

}  // namespace rppg
