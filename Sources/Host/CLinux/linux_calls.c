#define _GNU_SOURCE
#include "include/linux_calls.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

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

/* A handler finds nothing but what is the whole program's. */
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

long sice_window_size(int file) {
  struct winsize size;
  return ioctl(file, TIOCGWINSZ, &size) != 0 ? -1 : (long)size.ws_row << 16 | size.ws_col;
}

int sice_accept(int listener) { return accept4(listener, 0, 0, SOCK_CLOEXEC); }
