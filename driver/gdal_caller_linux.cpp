// SPDX-License-Identifier: MIT
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "driver/gdal_caller.h"

namespace s2c {
namespace {

// In place of a library's name in the plugin that uses whichever GDAL calls (plugin.cmake).
constexpr char kPlaceholder[] = S2C_PLACEHOLDER;
static_assert(sizeof kPlaceholder >= kLongestName);

using FileHead = ElfW(Ehdr);
using SegmentHead = ElfW(Phdr);

std::atomic<int> copies{0};

// glibc has made the section's addresses absolute.
const char* NamesOf(const link_map& library) {
  for (const ElfW(Dyn)* entry = library.l_ld; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag != DT_STRTAB) continue;
    const auto distance = entry->d_un.d_ptr - reinterpret_cast<ElfW(Addr)>(library.l_ld);
    return reinterpret_cast<const char*>(library.l_ld) + distance;
  }
  return nullptr;
}

// The SONAME, or else the path: glibc takes a needed library for a loaded one by either.
void CopyName(const link_map& library, char (&name)[kLongestName]) {
  const char* found = library.l_name;
  const char* const names = NamesOf(library);
  for (const ElfW(Dyn)* entry = library.l_ld; names && entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_SONAME) found = names + entry->d_un.d_val;
  }
  if (std::snprintf(name, sizeof name, "%s", found) >= kLongestName) name[0] = '\0';
}

void Say(const char* text, char (&why)[kLongestPath]) {
  if (text != why) std::snprintf(why, sizeof why, "%s", text);
}

void* LoadLibrary(const char* path, char (&why)[kLongestPath]) {
  void* const library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  // NOLINTNEXTLINE(concurrency-mt-unsafe): glibc keeps one for each thread.
  if (!library) Say(dlerror(), why);
  return library;
}

// A file in memory, read only.
class MappedFile {
 public:
  explicit MappedFile(const char* path) : descriptor_(open(path, O_RDONLY | O_CLOEXEC)) {
    struct stat status = {};
    if (descriptor_ < 0 || fstat(descriptor_, &status) != 0) return;
    size_ = static_cast<size_t>(status.st_size);
    void* const bytes = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, descriptor_, 0);
    if (bytes != MAP_FAILED) bytes_ = static_cast<const char*>(bytes);
  }
  ~MappedFile() {
    const int error = errno;
    if (bytes_) munmap(const_cast<char*>(bytes_), size_);
    if (descriptor_ >= 0) close(descriptor_);
    errno = error;
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const char* bytes() const { return bytes_; }
  size_t size() const { return size_; }

  // A file that was cut off: the system would map what is not there, and touch it.
  bool IsWhole() const {
    FileHead head;
    if (size_ < sizeof head) return false;
    std::memcpy(&head, bytes_, sizeof head);
    if (head.e_phoff > size_ || (size_ - head.e_phoff) / sizeof(SegmentHead) < head.e_phnum) {
      return false;
    }
    for (int i = 0; i < head.e_phnum; ++i) {
      const SegmentHead segment = Segment(head, i);
      if (segment.p_offset > size_ || segment.p_filesz > size_ - segment.p_offset) return false;
    }
    return true;
  }

  // Where a text stands that ends with a zero byte, in what is loaded of a whole file; null where
  // it does not.
  const char* Find(const char* text) const {
    FileHead head;
    std::memcpy(&head, bytes_, sizeof head);
    for (int i = 0; i < head.e_phnum; ++i) {
      const SegmentHead segment = Segment(head, i);
      if (segment.p_type != PT_LOAD) continue;
      const void* const found =
          memmem(bytes_ + segment.p_offset, segment.p_filesz, text, std::strlen(text) + 1);
      if (found) return static_cast<const char*>(found);
    }
    return nullptr;
  }

 private:
  SegmentHead Segment(const FileHead& head, int number) const {
    SegmentHead segment;
    std::memcpy(&segment, bytes_ + head.e_phoff + number * sizeof segment, sizeof segment);
    return segment;
  }

  int descriptor_;
  const char* bytes_ = nullptr;
  size_t size_ = 0;
};

bool WriteAll(int descriptor, const char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t written = write(descriptor, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    size -= static_cast<size_t>(written);
  }
  return true;
}

bool WriteBound(int descriptor, const MappedFile& file, const char* placeholder,
                const GdalCaller& caller) {
  char name[sizeof kPlaceholder] = {};
  std::memcpy(name, caller.name, sizeof caller.name);
  const auto before = static_cast<size_t>(placeholder - file.bytes());
  const size_t after = before + sizeof name;
  return WriteAll(descriptor, file.bytes(), before) && WriteAll(descriptor, name, sizeof name) &&
         WriteAll(descriptor, file.bytes() + after, file.size() - after);
}

void* LoadBoundCopy(const MappedFile& file, const char* placeholder, const GdalCaller& caller,
                    char (&why)[kLongestPath]) {
  const int number = copies++;
  if (number >= kMostCopies) {
    Say("there are too many GDALs in this process", why);
    return nullptr;
  }
  const int descriptor = memfd_create("gdal_S2C", MFD_CLOEXEC);
  if (descriptor < 0 || !WriteBound(descriptor, file, placeholder, caller)) {
    Say(strerror_r(errno, why, sizeof why), why);
    if (descriptor >= 0) close(descriptor);
    return nullptr;
  }
  // glibc takes an equal path for the same library, and a descriptor's number comes again.
  char path[2 * kMostCopies + 64] = "/proc/self/";
  std::size_t length = std::strlen(path);
  for (int i = 0; i < number; ++i) {
    path[length++] = '.';
    path[length++] = '/';
  }
  std::snprintf(path + length, sizeof path - length, "fd/%d", descriptor);
  void* const library = LoadLibrary(path, why);
  close(descriptor);
  return library;
}

}  // namespace

const char* const kLibraryEnding = ".so";
const char* const kListSeparator = ":";

bool FindGdalCaller(const void* address, GdalCaller& caller) {
  Dl_info info{};
  link_map* map = nullptr;
  if (!dladdr1(address, &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) || !map) {
    return false;
  }
  // A program has no name to open it by; a GDAL that is part of one is found as all that it shows.
  void* const library = dlopen(map->l_name[0] ? map->l_name : nullptr, RTLD_LAZY | RTLD_NOLOAD);
  if (!library) return false;
  const auto version =
      reinterpret_cast<const char* (*)(const char*)>(dlsym(library, "GDALVersionInfo"));
  caller.find_driver =
      reinterpret_cast<decltype(caller.find_driver)>(dlsym(library, "GDALGetDriverByName"));
  caller.option = reinterpret_cast<decltype(caller.option)>(dlsym(library, "CPLGetConfigOption"));
  caller.report = reinterpret_cast<decltype(caller.report)>(dlsym(library, "CPLError"));
  dlclose(library);
  // Of a program that holds no GDAL itself another library's would be found.
  Dl_info of_version{};
  if (!version || !caller.find_driver || !caller.option || !caller.report ||
      !dladdr(reinterpret_cast<const void*>(version), &of_version) ||
      of_version.dli_fbase != info.dli_fbase) {
    return false;
  }
  // Two digits each for minor, patch and build: 3100300 is 3.10.3.
  const int number = std::atoi(version("VERSION_NUM"));
  caller.major = number / 1000000;
  caller.minor = number / 10000 % 100;
  caller.library = info.dli_fbase;
  CopyName(*map, caller.name);
  return true;
}

bool FindLoaderFolder(char (&folder)[kLongestPath]) {
  Dl_info info{};
  if (!dladdr(reinterpret_cast<const void*>(&FindLoaderFolder), &info)) return false;
  const char* const slash = std::strrchr(info.dli_fname, '/');
  if (!slash || slash - info.dli_fname >= kLongestPath) return false;
  std::snprintf(folder, sizeof folder, "%.*s", static_cast<int>(slash - info.dli_fname),
                info.dli_fname);
  return true;
}

bool IsThere(const char* path) { return access(path, F_OK) == 0; }

Opened OpenPlugin(const char* path, const GdalCaller& caller, Plugin& plugin,
                  char (&why)[kLongestPath]) {
  const MappedFile file(path);
  if (!file.bytes()) {
    const bool is_missing = errno == ENOENT;
    Say(strerror_r(errno, why, sizeof why), why);
    return is_missing ? Opened::kMissing : Opened::kRefused;
  }
  if (!file.IsWhole()) {
    Say("the file is cut off or no library", why);
    return Opened::kRefused;
  }
  const char* const placeholder = file.Find(kPlaceholder);
  if (!caller.name[0] || (!placeholder && !file.Find(caller.name))) return Opened::kForAnother;
  void* const library =
      placeholder ? LoadBoundCopy(file, placeholder, caller, why) : LoadLibrary(path, why);
  if (!library) return Opened::kRefused;
  plugin = {library, reinterpret_cast<Registration>(dlsym(library, "GDALRegister_S2C"))};
  // Two libraries of one name: the system takes the first for both.
  const bool is_of_caller =
      dlsym(library, "GDALGetDriverByName") == reinterpret_cast<const void*>(caller.find_driver);
  if (plugin.registration && is_of_caller) return Opened::kYes;
  ClosePlugin(plugin);
  plugin = {};
  if (!is_of_caller) return Opened::kForAnother;
  Say("it has no GDALRegister_S2C", why);
  return Opened::kRefused;
}

void ClosePlugin(const Plugin& plugin) { dlclose(plugin.library); }

}  // namespace s2c
