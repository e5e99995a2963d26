// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "client/base/twins.h"

namespace s2c {

/// Percent-encodes what some system's file names cannot hold, or GDAL's copying passes over:
/// `/ \ : * ? " < > |`, the percent sign itself, the dots of `.` and of what begins with `..`, and
/// the first letter of Windows' devices (CON, NUL, COM1…); and what a terminal would act on, or is
/// no UTF-8.
std::string EncodeFileName(std::string_view name);

/// The names of the files of a directory, such that each can be a file's on every system and none
/// is taken for another where a file system does not tell case apart.
class FileNames {
 public:
  /// `stem` and `extension` encoded; a long stem is cut, and where the name is taken already,
  /// " (2)" and so on is put between them.
  std::string Take(std::string_view stem, std::string_view extension);

 private:
  std::unordered_set<std::string> taken_;
  Twins twins_;  ///< by stem and extension
};

/// For comparing: small letters of the Latin (as far as European languages go), Greek and Cyrillic
/// alphabets in place of capitals, in UTF-8.
std::string FoldCase(std::string_view text);

}  // namespace s2c
