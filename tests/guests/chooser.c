// Makes the system call whose number stands in memory that it reads: nobody can tell which before it runs.
extern long numbers[];

void __start(void) {
  register long v0 __asm__("$2") = numbers[(unsigned long)__builtin_frame_address(0) & 1];
  register long a0 __asm__("$4") = 0;
  __asm__ volatile("syscall" : "+r"(v0) : "r"(a0) : "$7", "memory");
  for (;;) {
  }
}

long numbers[2] = {4246, 4246};
