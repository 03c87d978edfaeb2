#define _GNU_SOURCE
#include "include/smi_call.h"

#include <cpuid.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

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

/* The CPU of the thread that stays, -1 for none, and where it was allowed to be. */
static int home = -1;
static cpu_set_t before_stay;

int sice_stay_on_core(void) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return -1;
  if (home < 0) before_stay = allowed;
  home = stay(&allowed);
  return home < 0 ? -1 : 0;
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

int sice_smi_call_staying(volatile uint64_t *words, sice_smi_registers *registers) {
  /* Linux moves a thread whose CPU is taken away, and lets it roam. */
  if (sched_getcpu() != home && sice_stay_on_core() != 0) return -1;
  return ask(words, registers);
}

void sice_use_any_core(void) {
  if (home >= 0) sched_setaffinity(0, sizeof before_stay, &before_stay);
  home = -1;
}

int sice_smi_call(volatile uint64_t *words, sice_smi_registers *registers) {
  cpu_set_t before;
  if (sched_getaffinity(0, sizeof before, &before) != 0 || stay(&before) < 0) return -1;
  int result = ask(words, registers);
  sched_setaffinity(0, sizeof before, &before);
  return result;
}

int sice_timer_make(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC); }

static struct timespec time_of(uint64_t nanoseconds) {
  return (struct timespec){.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
}

void sice_timer_set(int timer, uint64_t nanoseconds) {
  struct itimerspec setting = {.it_value = time_of(nanoseconds)};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &setting, 0);
}

void sice_wait_for_input(const int *files, int count, uint64_t nanoseconds) {
  struct pollfd polled[8];
  struct timespec patience = time_of(nanoseconds);
  if (count > 8) count = 8;
  for (int i = 0; i < count; i++) polled[i] = (struct pollfd){.fd = files[i], .events = POLLIN};
  ppoll(polled, count, nanoseconds == UINT64_MAX ? 0 : &patience, 0);
}

static volatile sig_atomic_t input_came;

static void note_input(int number) {
  (void)number;
  input_came = 1;
}

int sice_tell_of_input(int file) {
  struct sigaction action = {.sa_handler = note_input, .sa_flags = SA_RESTART};
  struct f_owner_ex owner = {.type = F_OWNER_TID, .pid = gettid()};
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGIO);
  if (sigaction(SIGIO, &action, 0) != 0 || sigprocmask(SIG_UNBLOCK, &signals, 0) != 0) return -1;
  int flags = fcntl(file, F_GETFL);
  return flags < 0 || fcntl(file, F_SETOWN_EX, &owner) != 0 ? -1 : fcntl(file, F_SETFL, flags | O_ASYNC);
}

int sice_input_came(void) {
  int value = input_came;
  if (value) input_came = 0;
  return value;
}

int sice_window_changes(void) {
  sigset_t change;
  sigemptyset(&change);
  sigaddset(&change, SIGWINCH);
  return sigprocmask(SIG_BLOCK, &change, 0) == 0 ? signalfd(-1, &change, SFD_CLOEXEC) : -1;
}

int sice_window_size(int file, uint16_t *rows, uint16_t *columns) {
  struct winsize size;
  if (ioctl(file, TIOCGWINSZ, &size) != 0) return -1;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}

int sice_accept(int listener) { return accept4(listener, 0, 0, SOCK_CLOEXEC); }
