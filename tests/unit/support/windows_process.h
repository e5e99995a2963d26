// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace s2c::testing_support {

/// Another process, which ends with this at the latest.
class ChildProcess {
 public:
  /// A program and what it is called with, of which nothing has a quotation mark in it.
  explicit ChildProcess(const std::vector<std::string>& command);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// The next line of its standard output, without its end; empty where there is no more, or none
  /// comes for twenty seconds.
  std::string ReadLine();
  /// Its exit code; nothing where it has none by then.
  std::optional<unsigned> AwaitEnd(std::chrono::milliseconds longest);
  void Kill();

 private:
  void* process_ = nullptr;
  void* output_ = nullptr;
};

/// The path of a program that was built beside this one.
std::string BesideThisProgram(const std::string& name);

}  // namespace s2c::testing_support
