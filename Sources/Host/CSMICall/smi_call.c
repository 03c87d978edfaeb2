#define _GNU_SOURCE
#include "include/smi_call.h"

#include <cpuid.h>
#include <sched.h>
#include <string.h>
#include <sys/io.h>
#include <sys/random.h>

int sice_smi_permit(uint16_t port) { return ioperm(port, 1, 1); }

/* QEMU's emulation of FXRSTOR on any CPU rewrites the flags of the first one without a lock (7.2: cpu_clear_ignne), so
 * that a guest there may lose its nested paging and crash. Where another CPU is allowed, take that. */
static int choose_cpu(const cpu_set_t *allowed) {
  int here = sched_getcpu();
  unsigned int a, signature[3] = {0};
  __cpuid(0x40000000, a, signature[0], signature[1], signature[2]);
  if (here != 0 || signature[0] != 0x54474354 /* "TCGT" */) return here;
  for (int cpu = 1; cpu < CPU_SETSIZE; cpu++)
    if (CPU_ISSET(cpu, allowed)) return cpu;
  return here;
}

/* Keeps the thread on one of these CPUs; gives which, or -1. */
static int stay(const cpu_set_t *allowed) {
  cpu_set_t here;
  int cpu = choose_cpu(allowed);
  CPU_ZERO(&here);
  CPU_SET(cpu, &here);
  return sched_setaffinity(0, sizeof here, &here) == 0 ? cpu : -1;
}

_Static_assert(sizeof(cpu_set_t) == sizeof((sice_stay *)0)->before, "a set of CPUs");

int sice_stay_on_core(sice_stay *state) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return -1;
  if (!state->is_staying) memcpy(state->before, &allowed, sizeof allowed);
  state->cpu = stay(&allowed);
  state->is_staying = state->cpu >= 0;
  return state->is_staying ? 0 : -1;
}

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

void sice_use_any_core(sice_stay *state) {
  cpu_set_t before;
  memcpy(&before, state->before, sizeof before);
  if (state->is_staying) sched_setaffinity(0, sizeof before, &before);
  state->is_staying = 0;
}

static int call_staying(sice_stay *state, volatile uint64_t *words, sice_smi_registers *registers) {
  /* Linux moves a thread whose CPU is taken away, and lets it roam. */
  if (sched_getcpu() != state->cpu && sice_stay_on_core(state) != 0) return -1;
  return ask(words, registers);
}

int sice_smi_call(sice_stay *state, volatile uint64_t *words, sice_smi_registers *registers) {
  if (state->is_staying) return call_staying(state, words, registers);
  cpu_set_t before;
  if (sched_getaffinity(0, sizeof before, &before) != 0 || stay(&before) < 0) return -1;
  int result = ask(words, registers);
  sched_setaffinity(0, sizeof before, &before);
  return result;
}
