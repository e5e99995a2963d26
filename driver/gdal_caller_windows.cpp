// SPDX-License-Identifier: MIT
#include <windows.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cwchar>

#include "driver/gdal_caller.h"

namespace s2c {
namespace {

// Of 32 bits, GDAL's functions have other names and are called in another way.
static_assert(sizeof(void*) == 8);

constexpr char kNoLibrary[] = "the file is cut off or no library for this kind of program";

void Say(const char* text, char (&why)[kLongestPath]) {
  std::snprintf(why, sizeof why, "%s", text);
}

bool ToUtf8(const wchar_t* text, char* target, int size) {
  return WideCharToMultiByte(CP_UTF8, 0, text, -1, target, size, nullptr, nullptr) > 0;
}

// With the separators that LoadLibraryExW() wants.
bool ToWidePath(const char* path, wchar_t (&wide)[kLongestPath]) {
  if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, kLongestPath) == 0)
    return false;
  for (wchar_t* c = wide; *c; ++c) {
    if (*c == L'/') *c = L'\\';
  }
  return true;
}

// As the end of a sentence.
void SayError(DWORD error, char (&why)[kLongestPath]) {
  wchar_t text[kLongestPath];
  const DWORD length = FormatMessageW(
      FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK,
      nullptr, error, 0, text, kLongestPath, nullptr);
  if (length == 0 || !ToUtf8(text, why, sizeof why)) {
    std::snprintf(why, sizeof why, "the system's error %lu", error);
    return;
  }
  for (std::size_t end = std::strlen(why); end > 0 && std::strchr(" .\r\n", why[end - 1]); --end)
    why[end - 1] = '\0';
}

HMODULE ModuleAt(const void* address) {
  HMODULE module = nullptr;
  const DWORD flags =
      GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
  return GetModuleHandleExW(flags, static_cast<const wchar_t*>(address), &module) ? module
                                                                                  : nullptr;
}

// The path of a module, cut into its folder and the name by which others import it.
struct ModulePath {
  wchar_t folder[kLongestPath];
  const wchar_t* name;
};

bool FindPath(HMODULE module, ModulePath& path) {
  const DWORD length = GetModuleFileNameW(module, path.folder, kLongestPath);
  if (length == 0 || length >= kLongestPath) return false;
  wchar_t* const separator = std::wcsrchr(path.folder, L'\\');
  if (!separator) return false;
  *separator = L'\0';
  path.name = separator + 1;
  return true;
}

template <class Function>
void Look(HMODULE module, const char* name, Function& function) {
  function = reinterpret_cast<Function>(reinterpret_cast<void*>(GetProcAddress(module, name)));
}

// A library's file in memory as it lies on the disk, read only. Nothing in it is believed: what
// lies outside is not there.
class LibraryFile {
 public:
  explicit LibraryFile(const wchar_t* path)
      : file_(CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr,
                          OPEN_EXISTING, 0, nullptr)) {
    LARGE_INTEGER size{};
    if (file_ == INVALID_HANDLE_VALUE || !GetFileSizeEx(file_, &size)) {
      error_ = GetLastError();
      return;
    }
    // An empty one cannot be mapped, and is no library.
    if (size.QuadPart == 0) return;
    mapping_ = CreateFileMappingW(file_, nullptr, PAGE_READONLY, 0, 0, nullptr);
    if (mapping_)
      bytes_ = static_cast<const char*>(MapViewOfFile(mapping_, FILE_MAP_READ, 0, 0, 0));
    if (!bytes_) {
      error_ = GetLastError();
      return;
    }
    size_ = static_cast<std::size_t>(size.QuadPart);
    ReadHead();
  }
  ~LibraryFile() {
    if (bytes_) UnmapViewOfFile(bytes_);
    if (mapping_) CloseHandle(mapping_);
    if (file_ != INVALID_HANDLE_VALUE) CloseHandle(file_);
  }
  LibraryFile(const LibraryFile&) = delete;
  LibraryFile& operator=(const LibraryFile&) = delete;

  // Why it cannot be read; ERROR_SUCCESS where it can.
  DWORD error() const { return error_; }
  bool IsWhole() const { return is_whole_; }

  // The name of the library that is needed as the `number`th; null after the last one.
  const char* Needed(std::size_t number) const {
    IMAGE_IMPORT_DESCRIPTOR entry{};
    const std::size_t offset = OffsetOf(imports_);
    if (offset == 0 || !Read(offset + number * sizeof entry, entry) || entry.Name == 0)
      return nullptr;
    const std::size_t name = OffsetOf(entry.Name);
    const bool has_end = name != 0 && std::memchr(bytes_ + name, '\0', size_ - name);
    return has_end ? bytes_ + name : nullptr;
  }

  bool Needs(const char* library) const {
    for (std::size_t i = 0; const char* const name = Needed(i); ++i) {
      if (_stricmp(name, library) == 0) return true;
    }
    return false;
  }

 private:
  template <class Part>
  bool Read(std::size_t offset, Part& part) const {
    if (offset > size_ || size_ - offset < sizeof part) return false;
    std::memcpy(&part, bytes_ + offset, sizeof part);
    return true;
  }

  bool ReadSection(unsigned number, IMAGE_SECTION_HEADER& section) const {
    return Read(sections_ + number * sizeof section, section);
  }

  void ReadHead() {
    IMAGE_DOS_HEADER start{};
    IMAGE_NT_HEADERS head{};
    if (!Read(0, start) || start.e_magic != IMAGE_DOS_SIGNATURE || start.e_lfanew < 0) return;
    const auto at = static_cast<std::size_t>(start.e_lfanew);
    if (!Read(at, head) || head.Signature != IMAGE_NT_SIGNATURE ||
        head.OptionalHeader.Magic != IMAGE_NT_OPTIONAL_HDR_MAGIC)
      return;
    sections_ =
        at + offsetof(IMAGE_NT_HEADERS, OptionalHeader) + head.FileHeader.SizeOfOptionalHeader;
    section_count_ = head.FileHeader.NumberOfSections;
    imports_ = head.OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
    for (unsigned i = 0; i < section_count_; ++i) {
      IMAGE_SECTION_HEADER section{};
      if (!ReadSection(i, section) || section.PointerToRawData > size_ ||
          section.SizeOfRawData > size_ - section.PointerToRawData)
        return;
    }
    is_whole_ = true;
  }

  // Where in a whole file that lies which is loaded at an address; 0 where it does not.
  std::size_t OffsetOf(DWORD address) const {
    for (unsigned i = 0; i < section_count_; ++i) {
      IMAGE_SECTION_HEADER section{};
      if (!ReadSection(i, section)) return 0;
      if (address >= section.VirtualAddress &&
          address - section.VirtualAddress < section.SizeOfRawData)
        return std::size_t{section.PointerToRawData} + (address - section.VirtualAddress);
    }
    return 0;
  }

  const HANDLE file_;
  HANDLE mapping_ = nullptr;
  const char* bytes_ = nullptr;
  std::size_t size_ = 0;
  DWORD error_ = ERROR_SUCCESS;
  std::size_t sections_ = 0;
  unsigned section_count_ = 0;
  DWORD imports_ = 0;
  bool is_whole_ = false;
};

// Whether what a loaded library takes from one of that name comes from the caller: of two libraries
// of one name, the system takes the first for both.
bool IsBoundTo(HMODULE library, const GdalCaller& caller) {
  const char* const base = reinterpret_cast<const char*>(library);
  const auto* const start = reinterpret_cast<const IMAGE_DOS_HEADER*>(base);
  const auto* const head = reinterpret_cast<const IMAGE_NT_HEADERS*>(base + start->e_lfanew);
  const DWORD imports =
      head->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress;
  if (imports == 0) return false;
  const auto* entry = reinterpret_cast<const IMAGE_IMPORT_DESCRIPTOR*>(base + imports);
  for (; entry->Name != 0; ++entry) {
    if (_stricmp(base + entry->Name, caller.name) != 0) continue;
    const auto* const first = reinterpret_cast<const IMAGE_THUNK_DATA*>(base + entry->FirstThunk);
    const auto* const taken = reinterpret_cast<const void*>(first->u1.Function);
    return ModuleAt(taken) == caller.library;
  }
  return false;
}

// Where the system looks for libraries meanwhile, and how it reports what goes wrong: to us and not
// in a window.
class Search {
 public:
  explicit Search(const wchar_t* folder) : folder_(AddDllDirectory(folder)) {
    SetThreadErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX, &mode_before_);
  }
  ~Search() {
    SetThreadErrorMode(mode_before_, nullptr);
    if (folder_) RemoveDllDirectory(folder_);
  }
  Search(const Search&) = delete;
  Search& operator=(const Search&) = delete;

 private:
  const DLL_DIRECTORY_COOKIE folder_;
  DWORD mode_before_ = 0;
};

// The system says that a library is not found, and not which.
void SayMissing(const LibraryFile& file, const wchar_t* path, char (&why)[kLongestPath]) {
  wchar_t folder[kLongestPath] = {};
  const wchar_t* const separator = std::wcsrchr(path, L'\\');
  if (separator) std::wmemcpy(folder, path, static_cast<std::size_t>(separator - path));
  const Search search(folder);
  for (std::size_t i = 0; const char* const name = file.Needed(i); ++i) {
    wchar_t wide[kLongestPath];
    if (!ToWidePath(name, wide) || GetModuleHandleW(wide)) continue;
    const HMODULE found = LoadLibraryExW(wide, nullptr, LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    if (!found) {
      std::snprintf(why, sizeof why, "%.*s, which it needs, is not found or lacks another library",
                    kLongestName, name);
      return;
    }
    FreeLibrary(found);
  }
  SayError(ERROR_MOD_NOT_FOUND, why);
}

// Never from the current folder. What the plugin shares with GDAL, such as libcurl, lies beside it
// or beside GDAL, which may have come from anywhere.
HMODULE Load(const wchar_t* path, const LibraryFile& file, const GdalCaller& caller,
             char (&why)[kLongestPath]) {
  ModulePath of_gdal;
  const bool is_found = FindPath(static_cast<HMODULE>(const_cast<void*>(caller.library)), of_gdal);
  const Search search(is_found ? of_gdal.folder : L"");
  const HMODULE library = LoadLibraryExW(
      path, nullptr, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
  if (library) return library;
  const DWORD error = GetLastError();
  if (error == ERROR_MOD_NOT_FOUND) {
    SayMissing(file, path, why);
  } else if (error == ERROR_BAD_EXE_FORMAT) {
    Say(kNoLibrary, why);
  } else {
    SayError(error, why);
  }
  return nullptr;
}

}  // namespace

const char* const kLibraryEnding = ".dll";
const char* const kListSeparator = ";";

bool FindGdalCaller(const void* address, GdalCaller& caller) {
  const HMODULE library = ModuleAt(address);
  if (!library) return false;
  const char* (*version)(const char*) = nullptr;
  Look(library, "GDALVersionInfo", version);
  Look(library, "GDALGetDriverByName", caller.find_driver);
  Look(library, "CPLGetConfigOption", caller.option);
  Look(library, "CPLError", caller.report);
  // What it hands on from another library is the other's.
  if (!version || !caller.find_driver || !caller.option || !caller.report ||
      ModuleAt(reinterpret_cast<const void*>(version)) != library)
    return false;
  // Two digits each for minor, patch and build: 3100300 is 3.10.3.
  const int number = std::atoi(version("VERSION_NUM"));
  caller.major = number / 1000000;
  caller.minor = number / 10000 % 100;
  caller.library = library;
  ModulePath path;
  if (!FindPath(library, path) || !ToUtf8(path.name, caller.name, sizeof caller.name))
    caller.name[0] = '\0';
  return true;
}

bool FindLoaderFolder(char (&folder)[kLongestPath]) {
  ModulePath path;
  return FindPath(ModuleAt(reinterpret_cast<const void*>(&FindLoaderFolder)), path) &&
         ToUtf8(path.folder, folder, sizeof folder);
}

bool IsThere(const char* path) {
  wchar_t wide[kLongestPath];
  return ToWidePath(path, wide) && GetFileAttributesW(wide) != INVALID_FILE_ATTRIBUTES;
}

Opened OpenPlugin(const char* path, const GdalCaller& caller, Plugin& plugin,
                  char (&why)[kLongestPath]) {
  wchar_t wide[kLongestPath];
  if (!ToWidePath(path, wide)) return Opened::kMissing;
  const LibraryFile file(wide);
  if (file.error() == ERROR_FILE_NOT_FOUND || file.error() == ERROR_PATH_NOT_FOUND)
    return Opened::kMissing;
  if (file.error() != ERROR_SUCCESS) {
    SayError(file.error(), why);
    return Opened::kRefused;
  }
  if (!file.IsWhole()) {
    Say(kNoLibrary, why);
    return Opened::kRefused;
  }
  if (!caller.name[0] || !file.Needs(caller.name)) return Opened::kForAnother;
  const HMODULE library = Load(wide, file, caller, why);
  if (!library) return Opened::kRefused;
  plugin.library = library;
  Look(library, "GDALRegister_S2C", plugin.registration);
  const bool is_of_caller = IsBoundTo(library, caller);
  if (plugin.registration && is_of_caller) return Opened::kYes;
  ClosePlugin(plugin);
  plugin = {};
  if (!is_of_caller) return Opened::kForAnother;
  Say("it has no GDALRegister_S2C", why);
  return Opened::kRefused;
}

void ClosePlugin(const Plugin& plugin) { FreeLibrary(static_cast<HMODULE>(plugin.library)); }

}  // namespace s2c
