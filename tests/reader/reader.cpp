// SPDX-License-Identifier: MIT
// Reads through GDAL in many threads, and compares: reader THREADS READS LOCAL_FILE NAME...
// Each thread opens the names in its own order, again for each read, and reads a window of each,
// which must be the local file's. So that ThreadSanitizer sees plugin and caller (issue 15).
#include <gdal_priv.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr int kWindow = 96;

std::vector<GUInt16> Window(GDALDataset& dataset, int x, int y) {
  const int bands = dataset.GetRasterCount();
  std::vector<GUInt16> pixels(static_cast<std::size_t>(bands) * kWindow * kWindow);
  const CPLErr error = dataset.RasterIO(GF_Read, x, y, kWindow, kWindow, pixels.data(), kWindow,
                                        kWindow, GDT_UInt16, bands, nullptr, 0, 0, 0, nullptr);
  if (error != CE_None) pixels.clear();
  return pixels;
}

// How many reads of one thread were wrong or failed.
int Read(unsigned seed, int reads, const std::string& local, std::vector<std::string> names) {
  std::mt19937 random(seed);
  const GDALDatasetUniquePtr truth(GDALDataset::Open(local.c_str(), GDAL_OF_RASTER));
  if (!truth) return reads;
  int wrong = 0;
  for (int read = 0; read < reads; ++read) {
    std::shuffle(names.begin(), names.end(), random);
    for (const std::string& name : names) {
      const int x = static_cast<int>(random() % (truth->GetRasterXSize() - kWindow));
      const int y = static_cast<int>(random() % (truth->GetRasterYSize() - kWindow));
      const GDALDatasetUniquePtr dataset(GDALDataset::Open(name.c_str(), GDAL_OF_RASTER));
      if (!dataset || Window(*dataset, x, y) != Window(*truth, x, y)) ++wrong;
    }
  }
  return wrong;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  GDALAllRegister();
  const int reads = std::atoi(argv[2]);
  const std::vector<std::string> names(argv + 4, argv + argc);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < std::atoi(argv[1]); ++i)
    threads.emplace_back(
        [&, i] { wrong += Read(static_cast<unsigned>(i), reads, argv[3], names); });
  for (std::thread& thread : threads) thread.join();
  std::printf("%zu reads, %d wrong\n", threads.size() * names.size() * reads, wrong.load());
  GDALDestroyDriverManager();
  return wrong == 0 ? 0 : 1;
}
