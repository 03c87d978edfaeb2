#define _GNU_SOURCE
#include <cpuid.h>
#include <ctype.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "include/smi_call.h"

_Static_assert(sizeof(cpu_set_t) == 16 * sizeof(uint64_t), "a set of CPUs");

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

/* A set as the kernel prints it: hexadecimal, the highest CPU first, with commas. */
static void parse(const char *text, cpu_set_t *set) {
  int cpu = 0;
  CPU_ZERO(set);
  for (const char *at = text + strlen(text); at > text;) {
    int digit = *--at;
    if (!isxdigit(digit)) continue;
    digit = isdigit(digit) ? digit - '0' : tolower(digit) - 'a' + 10;
    for (int bit = 0; bit < 4; bit++, cpu++)
      if (digit & 1 << bit) CPU_SET(cpu, set);
  }
}

int sice_permitted_cpus(uint64_t set[16]) {
  static const char name[] = "Cpus_allowed:";
  char line[1024];
  FILE *status = fopen("/proc/thread-self/status", "re");
  if (status == NULL) return -1;
  int found = 0;
  while (!found && fgets(line, sizeof line, status) != NULL)
    found = strncmp(line, name, sizeof name - 1) == 0;
  fclose(status);
  if (found) parse(line + sizeof name - 1, (cpu_set_t *)set);
  return found ? 0 : -1;
}

/* What this process was given when it first stayed anywhere; constant since then. */
static cpu_set_t given;

static void learn_given(void) {
  if (sice_permitted_cpus((uint64_t *)&given) != 0) sched_getaffinity(0, sizeof given, &given);
}

/* The CPUs that are there for the thread now. Linux leaves out what is offline, as a CPU is that a guest has, also of a set that
 * it is told meanwhile: a thread that was told one keeps off that CPU when it has long come back, until it is told again. */
static int find_cpus(cpu_set_t *found) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  if (pthread_once(&once, learn_given) != 0) return -1;
  if (sched_getaffinity(0, sizeof *found, found) != 0) return -1;
  if (CPU_COUNT(found) == CPU_COUNT(&given)) return 0;
  if (sched_setaffinity(0, sizeof given, &given) != 0) return -1;
  return sched_getaffinity(0, sizeof *found, found);
}

/* The CPU that the thread stays on. */
static _Thread_local int home = -1;

int sice_home(void) { return home; }

int sice_stay_on_core(void) {
  cpu_set_t cpus;
  if (find_cpus(&cpus) != 0) return -1;
  const int cpu = choose_cpu(&cpus);
  CPU_ZERO(&cpus);
  CPU_SET(cpu, &cpus);
  home = sched_setaffinity(0, sizeof cpus, &cpus) == 0 ? cpu : -1;
  return home >= 0 ? 0 : -1;
}

void sice_use_any_core(void) {
  if (home >= 0) sched_setaffinity(0, sizeof given, &given);
  home = -1;
}
