// A program that asks for a dynamic linker, and as an object file: neither is to be loaded.
__attribute__((noreturn)) void __start(void) {
  for (;;) {
  }
}
