// SPDX-License-Identifier: MIT
#include "driver/many/grid.h"

#include <gmock/gmock.h>

#include "tests/unit/support/result_matchers.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::ErrorOf;
using testing_support::FailsWith;
using testing_support::MessageOf;

SourceFacts Raster(double left, double top, double pixel, int width, int height,
                   ReferencePtr reference = nullptr) {
  SourceFacts facts;
  facts.width = width;
  facts.height = height;
  facts.transform = {left, pixel, 0, top, 0, -pixel};
  facts.is_placed = true;
  facts.reference = std::move(reference);
  return facts;
}

ReferencePtr Reference() { return std::make_shared<const OGRSpatialReference>(); }

TEST(UnionOf, CoversAllInTheFinestResolution) {
  const SourceFacts coarse = Raster(100, 200, 10, 6, 5);
  const SourceFacts fine = Raster(140, 180, 5, 12, 10);
  const auto grid = UnionOf({&coarse, &fine});
  ASSERT_EQ(MessageOf(grid), "");
  EXPECT_THAT(grid->transform, ElementsAre(100, 5, 0, 200, 0, -5));
  EXPECT_EQ(grid->width, 20);
  EXPECT_EQ(grid->height, 14);
}

TEST(UnionOf, RefusesWhatNoRasterCanHold) {
  const SourceFacts here = Raster(0, 0, 1, 10, 10);
  const SourceFacts there = Raster(1e12, 0, 1, 10, 10);
  EXPECT_THAT(ErrorOf(UnionOf({&here, &there})),
              FailsWith(ErrorKind::kInvalidInput, HasSubstr("too far apart")));
}

TEST(PlaceOn, CountsPixelsOfTheGrid) {
  const SourceFacts coarse = Raster(100, 200, 10, 6, 5);
  const SourceFacts fine = Raster(140, 180, 5, 12, 10);
  const auto grid = UnionOf({&coarse, &fine});
  const Placement place = PlaceOn(*grid, coarse);
  EXPECT_EQ(place.x, 0);
  EXPECT_EQ(place.y, 0);
  EXPECT_EQ(place.width, 12);
  EXPECT_EQ(place.height, 10);
  EXPECT_EQ(PlaceOn(*grid, fine).x, 8);
  EXPECT_EQ(PlaceOn(*grid, fine).y, 4);
}

TEST(CommonReference, IsThatOfMost) {
  const ReferencePtr a = Reference();
  const ReferencePtr b = Reference();
  EXPECT_EQ(CommonReference(
                {Raster(0, 0, 1, 1, 1, b), Raster(0, 0, 1, 1, 1, b), Raster(0, 0, 1, 1, 1, a)}),
            b);
}

TEST(CommonReference, IsTheLastOnesWhereAsManyHaveAnother) {
  const ReferencePtr a = Reference();
  const ReferencePtr b = Reference();
  EXPECT_EQ(CommonReference({Raster(0, 0, 1, 1, 1, a), Raster(0, 0, 1, 1, 1, b)}), b);
  EXPECT_EQ(CommonReference({Raster(0, 0, 1, 1, 1, a), Raster(0, 0, 1, 1, 1)}), nullptr);
}

}  // namespace
}  // namespace s2c
