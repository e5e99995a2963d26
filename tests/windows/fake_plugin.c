// SPDX-License-Identifier: MIT
// A plugin: it needs the libgdal that it is linked with, and another library where NEEDED is defined.
__declspec(dllimport) void RegisterDriver(const char* name);
#ifdef NEEDED
__declspec(dllimport) int Needed(void);
#endif

#ifdef DOORLESS
__declspec(dllexport) void AnotherName(void) {
#else
__declspec(dllexport) void GDALRegister_S2C(void) {
#endif
#ifdef NEEDED
  Needed();
#endif
  RegisterDriver("S2C");
}
