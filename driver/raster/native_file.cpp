// SPDX-License-Identifier: MIT
#include "driver/raster/native_file.h"

#include <utility>

namespace s2c {

Result<std::unique_ptr<Mount>> MountNative(const Mount& mount, std::size_t index) {
  auto resolved = std::make_shared<ResolvedInference>(*mount.inference());
  Output& output = resolved->inference.outputs[index];
  output.data = output.NativeData();
  if (!output.data) return std::unique_ptr<Mount>();
  // Those of the other file.
  output.bytes.reset();
  auto session = mount.session();
  if (!session) return Pass(session);
  const auto file = (*session)->OpenOutput(*resolved, output);
  if (!file) return Pass(file);
  const Status is_there = (*file)->Prepare();
  if (!is_there && is_there.error().kind == ErrorKind::kNotFound) return std::unique_ptr<Mount>();
  if (!is_there) {
    // The other one instead would be other pixels without a word.
    Error error = is_there.error();
    if (error.http_status != 0)
      error.message += "; NATIVE_CRS=NO takes the file that the API names";
    return tl::unexpected<Error>(std::move(error));
  }
  return std::make_unique<Mount>(std::move(*session), std::move(resolved));
}

}  // namespace s2c
