// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace s2c {

/// What tells the files of the token cache apart: each stands in the file, by name and value.
using Labels = std::vector<std::pair<std::string, std::string>>;

/// The name of a file with these labels, of fixed length. Two that share one are told apart by what
/// stands in the file.
std::string FileNameOf(const Labels& labels);

/// Whether `content` is a JSON object with these labels.
bool HasLabels(const std::string& content, const Labels& labels);

}  // namespace s2c
