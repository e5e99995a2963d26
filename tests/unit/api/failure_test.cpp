// SPDX-License-Identifier: MIT
#include "client/api/failure.h"

#include <gmock/gmock.h>

namespace s2c {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Optional;

TEST(ExplainFailure, ReadsACodeHoweverItIsWritten) {
  for (const char* message :
       {"ERROR:4203", "The inference failed: ERROR:4203 - stopped", "Error 4203", "error_4203: x",
        "Error code: 4203", "code=4203", "#4203", "see error-codes.html#ERROR:4203.", "[4203] x",
        "stopped (4203)", "4203: stopped", "ERROR4203", " 4203"})
    EXPECT_THAT(ExplainFailure(message),
                Optional(AllOf(HasSubstr("a smaller area"), EndsWith("#ERROR:4203)"))))
        << message;
}

TEST(ExplainFailure, TakesNoOtherNumberForACode) {
  for (const char* message :
       {"shape (4203, 2204)", "4203x4204 pixels", "id8343 has 4203 rows", "ERROR:42031",
        "ERROR:14203", "ERROR:4202", "ERROR:2404", "ERROR:9999", "ERROR:99999999999999999999999",
        "in 4203 s", "4203 rows", ""})
    EXPECT_EQ(ExplainFailure(message), std::nullopt) << message;
}

TEST(ExplainFailure, KnowsEveryCodeOfTheService) {
  for (const int code :
       {1100, 2101, 2102, 2103, 2104, 2201, 2202, 2203, 2204, 2205, 2206, 2207, 2208, 2220,
        2221, 2222, 2301, 2302, 2303, 2304, 2305, 2306, 2307, 2308, 2309, 2370, 2371, 2372,
        2373, 2374, 2381, 2401, 2402, 2403, 2405, 2406, 2407, 2408, 2501, 2502, 2503, 2504,
        2505, 2506, 4101, 4102, 4103, 4201, 4203, 4204, 4301, 4302, 4303, 4304}) {
    const auto explained = ExplainFailure("ERROR:" + std::to_string(code));
    ASSERT_TRUE(explained) << code;
    // A clause, to go between the parts of a sentence.
    EXPECT_THAT(*explained, Not(HasSubstr(". "))) << code;
    EXPECT_THAT(*explained, EndsWith(std::to_string(code) + ")"));
  }
}

TEST(ExplainFailure, KnowsTheEnginesExceptions) {
  const std::string begin = "The inference failed: Evaluation failed at 'data' because of ";
  EXPECT_THAT(ExplainFailure(begin + "\"OperationalError('(psycopg2.OperationalError) FATAL:  "
                                     "remaining connection slots are reserved for "
                                     "non-replication superuser connections')\""),
              Optional(HasSubstr("no connection free")));
  EXPECT_THAT(ExplainFailure(begin + "\"OperationalError('could not connect to server')\""),
              Optional(HasSubstr("could not be reached")));
  EXPECT_THAT(ExplainFailure(begin + "\"ValueError('zero-size array to reduction operation fmin "
                                     "which has no identity')\""),
              Optional(HasSubstr("nothing was selected")));
  EXPECT_THAT(ExplainFailure(begin + "\"MemoryError()\""), Optional(HasSubstr("memory")));
  EXPECT_THAT(ExplainFailure(begin + "\"KeyError('x')\""), Optional(HasSubstr("the model")));
}

TEST(ExplainFailure, PrefersACodeToAPhrase) {
  EXPECT_THAT(ExplainFailure("MemoryError, ERROR:4302"), Optional(HasSubstr("maintained")));
}

TEST(ExplainFailure, SaysNothingOfWhatItDoesNotKnow) {
  EXPECT_EQ(ExplainFailure("The inference was aborted."), std::nullopt);
  EXPECT_EQ(ExplainFailure("\xFF\x80 4"), std::nullopt);
}

}  // namespace
}  // namespace s2c
