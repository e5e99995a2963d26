// SPDX-License-Identifier: MIT
#include "apps/completion.h"

#include <algorithm>

#include "apps/command_table.h"

namespace s2c {
namespace {

// What the shell can complete of a value or an argument.
enum class Kind { kNothing, kFile, kFolder };

Kind KindOf(const CLI::Option& option) {
  const std::string name = option.get_positional() ? option.get_name(true) : option.get_type_name();
  if (name == "FILE") return Kind::kFile;
  return name == "FOLDER" ? Kind::kFolder : Kind::kNothing;
}

std::vector<const CLI::Option*> AllOptionsOf(const CLI::App& command) {
  std::vector<const CLI::Option*> options = OptionsOf(command);
  for (const CLI::Option* const option : GeneralOptionsOf(command)) options.push_back(option);
  return options;
}

bool TakesFiles(const CLI::App& command) {
  const auto arguments = ArgumentsOf(command);
  return std::any_of(arguments.begin(), arguments.end(),
                     [](const auto* argument) { return KindOf(*argument) == Kind::kFile; });
}

std::string BashCase(const CLI::App& command) {
  std::string words;
  std::string values;
  for (const CLI::App* const below : CommandsOf(command)) words += below->get_name() + " ";
  for (const CLI::Option* const option : AllOptionsOf(command)) {
    const Kind kind = KindOf(*option);
    const char* const of_kind = kind == Kind::kFile     ? "file"
                                : kind == Kind::kFolder ? "folder"
                                                        : "text";
    for (const std::string& name : NamesOf(*option)) {
      words += name + " ";
      if (HasValue(*option)) values += name + "=" + of_kind + " ";
    }
  }
  std::string text = "    '" + PathOf(command) + "') words='" + words + "' values=' " + values +
                     "' files=" + (TakesFiles(command) ? "1" : "") + " ;;\n";
  for (const CLI::App* const below : CommandsOf(command)) text += BashCase(*below);
  return text;
}

std::string BashSteps(const CLI::App& command) {
  std::string text;
  for (const CLI::App* const below : CommandsOf(command)) {
    text += "    '" + PathOf(command) + "/" + below->get_name() + "') command='" + PathOf(*below) +
            "' ;;\n";
    text += BashSteps(*below);
  }
  return text;
}

// Within single quotes, in a specification of _arguments or _describe.
std::string ZshText(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'') {
      escaped += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

const char* ZshActionOf(const CLI::Option& option) {
  switch (KindOf(option)) {
    case Kind::kFile:
      return "_files";
    case Kind::kFolder:
      return "_files -/";
    case Kind::kNothing:
      break;
  }
  return "";
}

std::string ZshArguments(const CLI::App& command) {
  std::string text = "_arguments";
  const auto add = [&](const std::string& spec) { text += " \\\n        '" + spec + "'"; };
  for (const CLI::Option* const option : AllOptionsOf(command)) {
    for (const std::string& name : NamesOf(*option)) {
      const std::string meaning = "[" + ZshText(option->get_description()) + "]";
      const std::string repeated = IsRepeatable(*option) ? "*" : "";
      if (HasValue(*option)) {
        const std::string equals = name[1] == '-' ? "=" : "";
        add(repeated + name + equals + meaning + ":" + option->get_type_name() + ":" +
            ZshActionOf(*option));
      } else {
        add(repeated + name + meaning);
      }
    }
  }
  for (const CLI::Option* const argument : ArgumentsOf(command))
    add(std::string(IsRepeatable(*argument) ? "*" : "") + ":" + argument->get_name(true) + ":" +
        ZshActionOf(*argument));
  return text + "\n";
}

std::string ZshFunctionName(const CLI::App& command) {
  std::string name = "_s2c";
  for (const char c : (command.get_parent() ? " " : "") + PathOf(command))
    name += c == ' ' ? '_' : c;
  return name;
}

// A function for each command that has commands.
std::string ZshFunctions(const CLI::App& command) {
  std::string text;
  std::string described;
  std::string cases;
  for (const CLI::App* const below : CommandsOf(command)) {
    described +=
        " \\\n        '" + below->get_name() + ":" + ZshText(below->get_description()) + "'";
    const bool is_group = !CommandsOf(*below).empty();
    if (is_group) text += ZshFunctions(*below);
    cases += "        " + below->get_name() + ") " +
             (is_group ? ZshFunctionName(*below) + "\n" : ZshArguments(*below)) + "        ;;\n";
  }
  return text + ZshFunctionName(command) + "() {\n  local -a commands\n  local state line\n" +
         "  _arguments -C '1:command:->command' '*::argument:->argument'\n" +
         "  case $state in\n    command)\n      commands=(" + described +
         ")\n      _describe command commands\n      ;;\n    argument)\n      case $words[1] in\n" +
         cases + "      esac\n      ;;\n  esac\n}\n";
}

}  // namespace

std::string BashCompletion(const CLI::App& root) {
  return R"(# bash completion of s2c, made by s2c itself of the table of its commands.
_s2c() {
  local cur=${COMP_WORDS[COMP_CWORD]} command= kind= words values files word i
  COMPREPLY=()
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $command in
)" + BashCase(root) +
         R"(    esac
    # bash takes an equals sign for a word of its own.
    if [[ $word == = ]]; then
      [[ $i == "$COMP_CWORD" ]] && cur=
      continue
    fi
    [[ $i == "$COMP_CWORD" ]] && break
    if [[ -n $kind ]]; then
      kind=
      continue
    fi
    if [[ $values == *" $word="* ]]; then
      kind=${values#*" $word="}
      kind=${kind%% *}
      continue
    fi
    case $command/$word in
)" + BashSteps(root) +
         R"(    esac
  done
  if [[ -z $kind && -n $files && $cur != -* ]]; then
    kind=file
  fi
  case $kind in
    file | folder)
      compopt -o filenames 2> /dev/null
      local IFS=$'\n'
      if [[ $kind == file ]]; then
        COMPREPLY=($(compgen -f -- "$cur"))
      else
        COMPREPLY=($(compgen -d -- "$cur"))
      fi
      ;;
    '') COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
  esac
}
complete -F _s2c s2c
)";
}

std::string ZshCompletion(const CLI::App& root) {
  return "#compdef s2c\n# Made by s2c itself of the table of its commands.\n" + ZshFunctions(root) +
         "_s2c \"$@\"\n";
}

}  // namespace s2c
