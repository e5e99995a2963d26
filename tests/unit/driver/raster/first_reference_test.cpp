// SPDX-License-Identifier: MIT
#include "driver/raster/first_reference.h"

#include <gdal_priv.h>
#include <gmock/gmock.h>

#include "driver/memory_file.h"

namespace s2c {
namespace {

// One test, since the function acts once in a process.
TEST(FirstReference, SaysNothingOfABeginningThatIsBrokenAndLeavesNothingBehind) {
  GDALAllRegister();
  CPLErrorReset();
  std::vector<std::string> told;
  CPLPushErrorHandlerEx(
      [](CPLErr, CPLErrorNum, const char* text) {
        static_cast<std::vector<std::string>*>(CPLGetErrorHandlerUserData())->push_back(text);
      },
      &told);
  EXPECT_FALSE(IsFirstReferenceFound());
  FindFirstReference(std::string("II*\0\x08\0\0\0\xff\xff", 10));
  CPLPopErrorHandler();
  EXPECT_TRUE(IsFirstReferenceFound());
  EXPECT_THAT(told, testing::IsEmpty());
  EXPECT_EQ(CPLGetLastErrorType(), CE_None);
  const char* const* const left = VSIReadDir("/vsimem/");
  EXPECT_EQ(left, nullptr);
}

TEST(MemoryFile, IsThereAsLongAsTheObject) {
  const std::string text = "text";
  std::string path;
  {
    const MemoryFile file(text, ".txt");
    path = file.path();
    VSIStatBufL status;
    ASSERT_EQ(VSIStatL(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_size, 4);
    EXPECT_NE(path, MemoryFile(text, ".txt").path());
  }
  VSIStatBufL status;
  EXPECT_NE(VSIStatL(path.c_str(), &status), 0);
}

}  // namespace
}  // namespace s2c
