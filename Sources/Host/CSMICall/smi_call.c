#define _GNU_SOURCE
#include "include/smi_call.h"

#include <sched.h>
#include <sys/io.h>

int sice_smi_permit(uint16_t port) { return ioperm(port, 1, 1); }

/* The SMI may come a few instructions after the OUT: the loop waits until RAX is no longer the request. RAX is an
 * early clobber, or the compiler would keep the request, which has the same value at first, in RAX too. */
static int call(sice_smi_registers *r) {
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

int sice_smi_call(sice_smi_registers *registers) {
  cpu_set_t before, here;
  CPU_ZERO(&here);
  CPU_SET(sched_getcpu(), &here);
  if (sched_getaffinity(0, sizeof before, &before) != 0 || sched_setaffinity(0, sizeof here, &here) != 0) return -1;
  int result = call(registers);
  sched_setaffinity(0, sizeof before, &before);
  return result;
}
