/* A command to the security manager (SICEABI, Command): who raises the SMI is the payload or the legacy host. */
#ifndef SICE_SMI_H
#define SICE_SMI_H
#include <stdint.h>

typedef struct {
  uint64_t rax, rbx, rcx, rdx, rsi, rdi, r8;
} sice_smi_registers;

/* CommunicationArea.requestWords and requestWordCount; ABI.responseMagic with ErrorCode.requestNotAuthorized. */
enum { sice_request_words = 0xE00, sice_request_word_count = 64 };
static const uint64_t sice_not_authorized = 0x7369636500000073;

/* Writes the low byte of RAX to the SMI port with all registers loaded, and stores them when the manager has changed
 * RAX. Returns 0, or -1 when RAX did not change in a bounded time: nobody is there.
 *
 * The SMI may come a few instructions after the OUT: the loop waits until RAX is no longer the request. RAX is an early
 * clobber, or the compiler would keep the request, which has the same value at first, in RAX too. */
static inline int sice_raise_smi(sice_smi_registers *r) {
  const uint64_t request = r->rax;
  register uint64_t word __asm__("r8") = r->r8;
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
      : [request] "r"(request), "r"(word)
      : "memory", "cc");
  return patience == 0 ? -1 : 0;
}

/* Authorizes a request by a random word, which is not 0: stores it among `words` (those of the communication area) and
 * in R8. */
static inline void sice_authorize(volatile uint64_t *words, uint64_t word, sice_smi_registers *r) {
  r->r8 = word;
  __atomic_store_n(&words[word % sice_request_word_count], word, __ATOMIC_SEQ_CST);
}
#endif
