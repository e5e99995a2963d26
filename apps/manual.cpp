// SPDX-License-Identifier: MIT
#include "apps/manual.h"

#include "apps/command_table.h"
#include "apps/exit_code.h"
#include "vsi/options.h"

namespace s2c {
namespace {

// man(7): a backslash and a hyphen mean something else, and so does a line's first dot or quote.
std::string Roff(const std::string& text) {
  std::string roff;
  for (const char c : text) {
    if (c == '\\') {
      roff += "\\e";
    } else if (c == '-') {
      roff += "\\-";
    } else {
      roff += c;
    }
  }
  return roff.empty() || (roff[0] != '.' && roff[0] != '\'') ? roff : "\\&" + roff;
}

std::string Bold(const std::string& text) { return "\\fB" + Roff(text) + "\\fR"; }
std::string Italic(const std::string& text) { return "\\fI" + Roff(text) + "\\fR"; }

std::string Item(const std::string& what, const std::string& meaning) {
  return ".TP\n" + what + "\n" + Roff(meaning) + "\n";
}

std::string OptionItem(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : NamesOf(option)) names += (names.empty() ? "" : ", ") + Bold(name);
  if (HasValue(option)) names += " " + Italic(option.get_type_name());
  return Item(names, option.get_description());
}

std::string ArgumentText(const CLI::Option& argument) {
  const std::string name = argument.get_name(true);
  const std::string dots = IsRepeatable(argument) ? "..." : "";
  return argument.get_required() ? Italic(name) + dots : "[" + Italic(name) + dots + "]";
}

std::string CommandSection(const CLI::App& command) {
  std::string text;
  for (const CLI::App* const below : CommandsOf(command)) text += CommandSection(*below);
  if (!text.empty()) return text;
  text = ".SS " + Bold(PathOf(command));
  if (!OptionsOf(command).empty()) text += "\\ [" + Italic("OPTION") + "...]";
  const auto arguments = ArgumentsOf(command);
  for (const CLI::Option* const argument : arguments) text += "\\ " + ArgumentText(*argument);
  text += "\n" + Roff(command.get_description()) + ".\n";
  for (const CLI::Option* const argument : arguments)
    text += Item(Italic(argument->get_name(true)), argument->get_description());
  for (const CLI::Option* const option : OptionsOf(command)) text += OptionItem(*option);
  return text;
}

std::string ExitStatus() {
  std::string text;
  for (const ExitCodeMeaning& code : ExitCodes())
    text += Item(Bold(std::to_string(static_cast<int>(code.code))), code.meaning);
  return text;
}

std::string Environment() {
  std::string text =
      "Each of these is a configuration option of GDAL as well, and, without S2C_, an open option "
      "(\\-\\-oo).\n";
  for (const OptionSpec& option : AllOptions())
    text += Item(Bold(std::string("S2C_") + option.name), option.meaning);
  return text;
}

}  // namespace

std::string ManualPage(const CLI::App& root) {
  std::string page =
      ".\\\" Made by s2c itself of the table of its commands.\n.TH S2C 1 \"\" \"s2c " +
      Roff(S2C_VERSION) + "\" \"gdal_S2C\"\n";
  page += ".SH NAME\ns2c \\- inferences of the Sen2Cube.AT data cube\n";
  page += ".SH SYNOPSIS\n" + Bold("s2c") + " " + Italic("COMMAND") + " [" + Italic("OPTION") +
          "...] [" + Italic("ARGUMENT") + "...]\n";
  page += ".SH DESCRIPTION\n" + Roff(root.get_description()) + "\n";
  page += ".SH COMMANDS\n";
  for (const CLI::App* const command : CommandsOf(root)) page += CommandSection(*command);
  page += ".SH OPTIONS\nEvery command has these.\n";
  for (const CLI::Option* const option : GeneralOptionsOf(root)) page += OptionItem(*option);
  for (const CLI::Option* const option : OptionsOf(root)) page += OptionItem(*option);
  page += ".SH EXIT STATUS\n" + ExitStatus();
  page += ".SH ENVIRONMENT\n" + Environment();
  page += ".SH SEE ALSO\n.BR gdalinfo (1),\n.BR ogrinfo (1),\n.BR ogr2ogr (1)\n";
  return page;
}

}  // namespace s2c
