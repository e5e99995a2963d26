// SPDX-License-Identifier: MIT
// What ThreadSanitizer is told of GDAL, which is not built with it.

#ifdef __SANITIZE_THREAD__
extern "C" const char* __tsan_default_suppressions();

// CPLCreateOrAcquireMutexEx() makes and takes a new mutex under a global one, and is called again
// while the new one is held: an order that turns round, but nobody else knows a mutex that is just
// being made. Mutexes of ours stay watched, also against those of GDAL.
extern "C" __attribute__((visibility("default"))) const char* __tsan_default_suppressions() {
  return "deadlock:CPLCreateOrAcquireMutexEx\n";
}
#endif
