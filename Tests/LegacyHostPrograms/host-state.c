/* Runs an environment slice after slice and looks whether x87, SSE, AVX, protection-key and debug state of this process
 * come back from each slice as they were. A Linux guest's ports read as ones.
 * Usage: host-state ID          until the environment ends
 *        host-state ID SLEEPS   until a second process on the same core has slept SLEEPS times: a host whose timers
 *                               stop beside an environment never gets there
 * Prints what it did. Exit status: 0; 1 when state was lost or the environment did not end with 0. */
#define _GNU_SOURCE
#include "area.h"
#include "smi_call.h"

#include <cpuid.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Numbers of Sources/Manager/SICEABI. */
enum { command_run = 6, exit_host_interrupt = 2, exit_exited = 3, exit_port_read = 5, exit_port_write = 6 };
static const uint64_t request = 0x53494345000000C5, success = 0x7369636500000000;

typedef struct {
  uint8_t vectors[16][32];
  double number;
  uint32_t vector_control;
  uint16_t control;
} state;

/* Loads the state, raises the SMI, waits as sice_smi_call() does until it was answered, and stores the state: nothing
 * between may touch it, so all of it is one piece. */
static int call_with_state(sice_smi_registers *r, const state *before, state *after) {
  uint64_t patience = 1 << 20;
  register const state *from __asm__("r12") = before;
  register state *to __asm__("r13") = after;
  register uint64_t word __asm__("r8") = r->r8;
  uint32_t usual = 0x1F80;
  __asm__ volatile(
      ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
      "vmovdqu 32 * \\n(%[from]), %%ymm\\n\n\t"
      ".endr\n\t"
      "fldl 512(%[from])\n\t"
      "ldmxcsr 520(%[from])\n\t"
      "fldcw 524(%[from])\n\t"
      "outb %%al, $0xb2\n\t"
      "jmp 1f\n"
      "1: cmp %[request], %%rax\n\t"
      "jne 2f\n\t"
      "pause\n\t"
      "dec %[patience]\n\t"
      "jnz 1b\n"
      "2: fnstcw 524(%[to])\n\t"
      "stmxcsr 520(%[to])\n\t"
      "fstpl 512(%[to])\n\t"
      ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15\n\t"
      "vmovdqu %%ymm\\n, 32 * \\n(%[to])\n\t"
      ".endr\n\t"
      "fninit\n\t"
      "ldmxcsr %[usual]\n\t"
      "vzeroupper\n\t"
      : "+&a"(r->rax), "+b"(r->rbx), "+c"(r->rcx), "+d"(r->rdx), "+S"(r->rsi), "+D"(r->rdi),
        [patience] "+&r"(patience)
      : [request] "r"(request), "r"(word), [from] "r"(from), [to] "r"(to), [usual] "m"(usual)
      : "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
        "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "st");
  return patience == 0 ? -1 : 0;
}

/* Another state for each slice: a stale one is noticed, too. */
static void fill(state *s, uint32_t slice) {
  memset(s, 0, sizeof *s);
  for (int n = 0; n < 16; n++)
    for (int i = 0; i < 32; i++) s->vectors[n][i] = (uint8_t)(slice * 31 + n * 32 + i);
  s->number = slice + 0.5;
  s->vector_control = 0x1F80 | (slice & 3) << 13; /* rounding */
  s->control = 0x37F | (slice & 3) << 10;         /* the same of x87 */
}

static volatile uint32_t watched;

/* A debug register watches the variable; counts its writes. */
static int watch(void) {
  struct perf_event_attr event = {.type = PERF_TYPE_BREAKPOINT, .size = sizeof event, .bp_type = HW_BREAKPOINT_W,
      .bp_addr = (uintptr_t)&watched, .bp_len = HW_BREAKPOINT_LEN_4, .exclude_kernel = 1, .pinned = 1};
  return (int)syscall(SYS_perf_event_open, &event, 0, -1, -1, 0);
}

static int has_protection_keys(void) {
  unsigned a, b, c = 0, d;
  return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (c & 1 << 4);
}

static uint32_t protection_keys(void) {
  uint32_t keys, zero;
  __asm__ volatile("rdpkru" : "=a"(keys), "=d"(zero) : "c"(0));
  return keys;
}

/* On this core, as the parent is. */
static pid_t start_sleeper(long sleeps) {
  pid_t child = fork();
  if (child != 0) return child;
  const struct timespec pause = {.tv_nsec = 5000000};
  while (sleeps-- > 0) nanosleep(&pause, 0);
  _exit(0);
}

int main(int count, char **arguments) {
  if (count < 2 || count > 3) return 64;
  uint64_t environment = strtoull(arguments[1], 0, 0);
  pid_t sleeper = count == 3 ? start_sleeper(atol(arguments[2])) : 0;
  int watcher = watch(), has_keys = has_protection_keys();
  if (sleeper < 0 || watcher < 0 || sice_smi_permit(0xB2) != 0) return 70;
  volatile uint64_t *words = area_words(area_map(4096));
  const uint32_t keys = has_keys ? protection_keys() : 0;
  for (uint32_t slice = 1;; slice++) {
    state before, after;
    fill(&before, slice);
    memset(&after, 0, sizeof after);
    sice_smi_registers r = {.rax = request, .rbx = command_run, .rcx = environment, .rdx = UINT64_MAX};
    /* Nobody here guesses words, but two of this program run at once: the low bits choose the word's slot, and a slot has
     * room for one. */
    sice_authorize(words, slice * 0x9E3779B97F4A7C15 << 6 | (environment & 63), &r);
    if (call_with_state(&r, &before, &after) != 0 || r.rax != success) {
      printf("slice %u: refused, %llx\n", slice, (unsigned long long)r.rax);
      return 1;
    }
    if (memcmp(&before, &after, sizeof after) != 0) {
      printf("slice %u: state lost\n", slice);
      return 1;
    }
    watched = slice;
    uint64_t writes = 0;
    if (read(watcher, &writes, sizeof writes) != sizeof writes || writes != slice) {
      printf("slice %u: debug registers lost\n", slice);
      return 1;
    }
    if (has_keys && protection_keys() != keys) {
      printf("slice %u: protection keys lost\n", slice);
      return 1;
    }
    if (r.rbx == exit_port_read || r.rbx == exit_port_write) continue;
    if (r.rbx != exit_host_interrupt) {
      printf("ended by %u with %u, slices %s\n", (unsigned)r.rbx, (unsigned)r.rcx, slice > 2 ? "several" : "few");
      return r.rbx == exit_exited && r.rcx == 0 ? 0 : 1;
    }
    int status = 1;
    if (sleeper != 0 && waitpid(sleeper, &status, WNOHANG) == sleeper) {
      printf("slept\n");
      return status;
    }
  }
}
