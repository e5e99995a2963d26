// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>

#include "apps/command_table.h"
#include "apps/completion.h"
#include "apps/manual.h"

namespace s2c {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class TableOfCommands : public testing::Test {
 protected:
  TableOfCommands() {
    CLI::App& group = *root_.add_subcommand("group", "Has commands");
    CLI::App& deed = *group.add_subcommand("deed", "It's [done]: here");
    deed.add_option("ID", ids_, "Numbers")->type_name("");
    deed.add_option("-o,--output", folder_, ".hidden \\ folder")->type_name("FOLDER");
    deed.add_flag("--dry-run,!--wet-run", flag_, "Only tell");
    deed.add_option("--secret", secret_, "Not told")->group("");
    root_.add_subcommand("hidden", "Not told")->group("");
  }

  CLI::App root_{"What it is", "s2c"};
  std::vector<int> ids_;
  std::string folder_, secret_;
  bool flag_ = false;
};

TEST_F(TableOfCommands, KnowsWhatIsNotHidden) {
  const auto commands = CommandsOf(root_);
  ASSERT_EQ(commands.size(), 1U);
  const CLI::App& deed = *CommandsOf(*commands.front()).front();
  EXPECT_EQ(PathOf(deed), "group deed");
  std::vector<std::string> names;
  for (const CLI::Option* const option : OptionsOf(deed)) {
    for (const std::string& name : NamesOf(*option)) names.push_back(name);
  }
  EXPECT_THAT(names, ElementsAre("-h", "--help", "-o", "--output", "--dry-run", "--wet-run"));
  ASSERT_EQ(ArgumentsOf(deed).size(), 1U);
  EXPECT_TRUE(IsRepeatable(*ArgumentsOf(deed).front()));
}

TEST_F(TableOfCommands, MakesAManualPageOfWhichNoTextIsAnOrder) {
  const std::string page = ManualPage(root_);
  EXPECT_THAT(page, HasSubstr(".SS \\fBgroup deed\\fR"));
  EXPECT_THAT(page, HasSubstr("\n\\&.hidden \\e folder\n"));
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-output\\fR \\fIFOLDER\\fR"));
  EXPECT_THAT(page, Not(HasSubstr("Not told")));
}

TEST_F(TableOfCommands, MakesCompletionsOfWhichNoTextIsAnOrder) {
  const std::string bash = BashCompletion(root_);
  EXPECT_THAT(bash, HasSubstr("--output=folder "));
  EXPECT_THAT(bash, Not(HasSubstr("secret")));
  const std::string zsh = ZshCompletion(root_);
  EXPECT_THAT(zsh, HasSubstr("'deed:It'\\''s \\[done\\]\\: here'"));
  EXPECT_THAT(zsh, HasSubstr("'--output=[.hidden \\\\ folder]:FOLDER:_files -/'"));
  EXPECT_THAT(zsh, Not(HasSubstr("Not told")));
}

}  // namespace
}  // namespace s2c
