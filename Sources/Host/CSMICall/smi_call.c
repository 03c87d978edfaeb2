#define _GNU_SOURCE
#include "include/smi_call.h"

#include <sched.h>
#include <sys/io.h>
#include <sys/random.h>

int sice_smi_permit(uint16_t port) { return ioperm(port, 1, 1); }

/* A word that no other user can know, many with one system call. 0 when the kernel gives none. */
static uint64_t random_word(void) {
  static _Thread_local uint64_t pool[32];
  static _Thread_local int left;
  while (left > 0)
    if (pool[--left] != 0) return pool[left];
  ssize_t got = getrandom(pool, sizeof pool, 0);
  if (got < (ssize_t)sizeof pool) return 0;
  left = sizeof pool / sizeof *pool - 1;
  return pool[left];
}

/* Another request may overwrite the word before the manager takes it: then this one is refused with nothing done. */
static int ask(volatile uint64_t *words, sice_smi_registers *registers) {
  const uint64_t request = registers->rax;
  for (int tries = 0; tries < 16; tries++) {
    uint64_t word = random_word();
    if (word == 0) return -1;
    registers->rax = request;
    sice_authorize(words, word, registers);
    if (sice_raise_smi(registers) != 0) return -1;
    if (registers->rax != sice_not_authorized) break;
  }
  return 0;
}

int sice_smi_call(volatile uint64_t *words, sice_smi_registers *registers) {
  const int home = sice_home();
  /* Also where it stays: Linux moves a thread whose CPU is taken away, and lets it roam. */
  if (sched_getcpu() != home && sice_stay_on_core() != 0) return -1;
  int result = ask(words, registers);
  if (home < 0) sice_use_any_core();
  return result;
}
