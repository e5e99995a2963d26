// SPDX-License-Identifier: MIT
#include "driver/many/geo_keys.h"

#include <algorithm>

namespace s2c {
namespace {

constexpr std::uint64_t kFirstGeoTag = 34735;
constexpr std::uint64_t kLastGeoTag = 34737;
// Beyond that it is no header that one would read twice.
constexpr std::uint64_t kMostEntries = 4096;
constexpr std::uint64_t kMostBytes = 64 << 10;

// Of TIFF's types 0 to 18, as TIFF 6.0 and BigTIFF number them.
constexpr std::uint64_t kSizes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};

class Tiff {
 public:
  explicit Tiff(const ReadBytes& read) : read_(read) {}

  std::optional<std::string> GeoKeys() {
    const std::string head = read_(0, 16);
    if (head.size() < 16) return std::nullopt;
    if (head[0] != head[1] || (head[0] != 'I' && head[0] != 'M')) return std::nullopt;
    is_big_endian_ = head[0] == 'M';
    const std::uint64_t version = Number(head, 2, 2);
    if (version != 42 && version != 43) return std::nullopt;
    is_large_ = version == 43;
    const std::uint64_t directory = is_large_ ? Number(head, 8, 8) : Number(head, 4, 4);
    const std::size_t count_size = is_large_ ? 8 : 2;
    const std::string count_bytes = read_(directory, count_size);
    if (count_bytes.size() < count_size) return std::nullopt;
    const std::uint64_t count = Number(count_bytes, 0, count_size);
    if (count > kMostEntries) return std::nullopt;
    const std::size_t entry_size = is_large_ ? 20 : 12;
    const std::string entries = read_(directory + count_size, count * entry_size);
    if (entries.size() < count * entry_size) return std::nullopt;
    std::string keys(1, head[0]);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!AddEntry(entries.substr(i * entry_size, entry_size), keys)) return std::nullopt;
    }
    return keys;
  }

 private:
  // False where it cannot be read.
  bool AddEntry(const std::string& entry, std::string& keys) const {
    const std::uint64_t tag = Number(entry, 0, 2);
    if (tag < kFirstGeoTag || tag > kLastGeoTag) return true;
    const std::uint64_t type = Number(entry, 2, 2);
    const std::size_t word = is_large_ ? 8 : 4;
    const std::uint64_t count = Number(entry, 4, word);
    if (type >= std::size(kSizes) || count > kMostBytes) return false;
    const std::uint64_t size = count * kSizes[type];
    std::string value = entry.substr(4 + word, word);
    if (size > word) {
      value = read_(Number(value, 0, word), size);
      if (value.size() < size) return false;
    }
    keys += std::to_string(tag) + ":" + std::to_string(size) + ":" + value.substr(0, size);
    return true;
  }

  std::uint64_t Number(const std::string& bytes, std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t place = at + (is_big_endian_ ? i : size - 1 - i);
      value = value << 8 | static_cast<unsigned char>(bytes[place]);
    }
    return value;
  }

  const ReadBytes& read_;
  bool is_big_endian_ = false;
  bool is_large_ = false;
};

}  // namespace

std::optional<std::string> GeoKeysOf(const ReadBytes& read) { return Tiff(read).GeoKeys(); }

}  // namespace s2c
