/* A command to the security manager (SICEABI, Command): who raises the SMI is the payload or the legacy host. */
#ifndef SICE_SMI_H
#define SICE_SMI_H
#include <stdint.h>

typedef struct {
  uint64_t rax, rbx, rcx, rdx, rsi, rdi;
} sice_smi_registers;

/* Writes the low byte of RAX to the SMI port with all registers loaded, and stores them when the manager has changed
 * RAX. Returns 0, or -1 when RAX did not change in a bounded time: nobody is there.
 *
 * The SMI may come a few instructions after the OUT: the loop waits until RAX is no longer the request. RAX is an early
 * clobber, or the compiler would keep the request, which has the same value at first, in RAX too. */
static inline int sice_raise_smi(sice_smi_registers *r) {
  const uint64_t request = r->rax;
  uint64_t patience = 1 << 20;
  __asm__ volatile(
      "outb %%al, $0xb2\n\t"
      "jmp 1f\n"
      "1:\n\t"
      "cmp %[request], %%rax\n\t"
      "jne 2f\n\t"
      "pause\n\t"
      "dec %[patience]\n\t"
      "jnz 1b\n"
      "2:\n\t"
      : "+&a"(r->rax), "+b"(r->rbx), "+c"(r->rcx), "+d"(r->rdx), "+S"(r->rsi), "+D"(r->rdi),
        [patience] "+&r"(patience)
      : [request] "r"(request)
      : "memory", "cc");
  return patience == 0 ? -1 : 0;
}
#endif
