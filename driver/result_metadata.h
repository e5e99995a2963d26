// SPDX-License-Identifier: MIT
#pragma once

#include <cpl_string.h>
#include <gdal_priv.h>

#include "client/api/api_client.h"

namespace s2c {

/// What the API knows of an inference, as metadata items. What it does not know is left out.
CPLStringList InferenceMetadata(const ResolvedInference& resolved);

/// InferenceMetadata() and the items of one output; every key that the API may add later comes
/// under its name in capitals.
CPLStringList OutputMetadata(const ResolvedInference& resolved, const Output& output);

/// The metadata domains that were set in the object itself, whatever else it hands on.
CPLStringList OwnDomains(GDALMajorObject& object);

/// Adds those of `more` that `domains` does not have.
void AddMissing(CPLStringList& domains, const CPLStringList& more);

/// GDAL's unnamed metadata domain.
inline bool IsDefaultDomain(const char* domain) { return !domain || domain[0] == '\0'; }

}  // namespace s2c
