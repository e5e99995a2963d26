// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "client/base/clock.h"
#include "client/base/result.h"

namespace s2c {

/// What each system does its own way: posix.cpp and windows.cpp.

/// A number that is another one in a forked child, so that whoever holds threads, sockets or locks
/// can tell that they are the parent's. Not the system's process id.
std::int64_t ProcessId();

/// Keeps the host program's signal handlers out of the calling thread, and SIGPIPE from ending the
/// process when a server closes a connection.
void BlockSignalsInThisThread();

/// Has `handler` called when the process ends, as long as its other threads still run. On Windows,
/// where a library's end comes after theirs, never: nothing can wait for a thread there, and
/// HaveThreadsEnded() is what tells.
void AtProcessEnd(void (*handler)());
/// Whether the process is ending and this is its last thread, so that nobody else will ever answer.
bool HaveThreadsEnded();

/// The user's home folder; empty where there is none. A relative one, which would be wherever the
/// program stands, is none, and neither is one that does not exist: debug output says so.
std::string HomeFolder();
bool IsFolder(const std::string& path);

/// Whether a path names the same place wherever the program stands.
bool IsAbsolutePath(const std::string& path);

/// The folder in which the user's programs put what can be had again; empty where there is none, as
/// without a home. It need not exist yet, but the folder that it lies in does.
std::string SystemCacheFolder();

/// What somebody is told to do with a file of his own that others can read: the end of a sentence,
/// which has named the file.
std::string HowToMakePrivate(const std::string& path);

/// The salted digest of a password that the system makes for its own users' (crypt(5)): slow, so
/// that whoever has it cannot try many. With the salt and the cost of the digest `like`, or with
/// new ones where that is empty. Empty where the system can make none, as of a password with a NUL.
std::string PasswordDigest(const std::string& password, const std::string& like = {});

/// Who else can get at a file.
enum class FilePrivacy {
  kPrivate,   ///< the user's own, and closed to others
  kReadable,  ///< the user's own, but others can read or write it
  kForeign,   ///< somebody else's
};

struct SmallFile {
  std::string content;
  FilePrivacy privacy = FilePrivacy::kForeign;
};

/// Reads a regular file of at most `limit` bytes. kNotFound where there is none; any other failure
/// is kInvalidInput with the system's reason.
Result<SmallFile> ReadSmallFile(const std::string& path, std::size_t limit);

/// Whether a file behind a symbolic link is replaced where it lies, or the link itself.
enum class Links { kFollowed, kReplaced };

/// Replaces the file as a whole (by rename), with mode 0600. A failure leaves the old one as it
/// was.
Status ReplacePrivateFile(const std::string& path, const std::string& content,
                          Links links = Links::kReplaced);

/// The same for what can be had again: in place, with nothing made sure, so that no other file is
/// ever left behind. A reader may find a part of it, or of what two have written; so what is in it
/// must tell whether it is whole. A file that is not the user's own and private, or has another
/// name as well, is taken away and not written. After a failure there is nothing of it.
Status OverwritePrivateFile(const std::string& path, std::string_view content);

/// Where there is none, that is a success.
Status RemoveFile(const std::string& path);

/// Gives a file the time of its last change, in seconds as Unix counts them; does nothing where
/// there is no such file, or it is somebody else's.
void SetFileTime(const std::string& path, std::int64_t time);

/// A file without a name in the folder for temporary files (TMPDIR; TMP on Windows), for what is
/// too large to be kept in memory; gone when this is destroyed, however the process ends. One
/// thread appends, any may read what is there.
class TemporaryFile {
 public:
  virtual ~TemporaryFile() = default;

  static Result<std::shared_ptr<TemporaryFile>> Create();
  virtual Status Append(const char* data, std::size_t size) = 0;
  virtual std::uint64_t size() const = 0;
  /// All of these bytes, or a failure.
  virtual Status ReadAt(std::uint64_t offset, char* target, std::size_t size) const = 0;
};

/// Makes the folder, its parents as needed, with mode 0700. Fails where there is something else, a
/// folder that is not the user's own or is open to others, or (not on Windows) one that everybody
/// could put another in the place of.
Status MakePrivateFolder(const std::string& path);

/// Excludes others who lock the same path: other processes, and other locks of this one. However
/// the process ends, the system ends the lock, unless a child that was forked meanwhile lives on.
class FileLock {
 public:
  virtual ~FileLock() = default;

  /// Waits for at most `longest`, by `clock`; null where it took longer or the path cannot be
  /// locked.
  static std::unique_ptr<FileLock> Acquire(const std::string& path, Clock::Duration longest,
                                           Clock& clock);
};

}  // namespace s2c
