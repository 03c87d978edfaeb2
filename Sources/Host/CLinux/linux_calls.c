#define _GNU_SOURCE
#include "include/linux_calls.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

int sice_connect(int file, const uint8_t *address, size_t size) {
  return connect(file, (const struct sockaddr *)address, size);
}

int sice_bind(int file, const uint8_t *address, size_t size) {
  return bind(file, (const struct sockaddr *)address, size);
}

int sice_local_address(int file, uint8_t *address, size_t size) {
  socklen_t room = size;
  if (getsockname(file, (struct sockaddr *)address, &room) != 0) return -1;
  return room < size ? room : size;
}

int sice_accept(int listener) { return accept4(listener, 0, 0, SOCK_CLOEXEC); }

int sice_connection_error(int file) {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : -1;
}

int sice_allow_address_reuse(int file) {
  int yes = 1;
  return setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
}

int sice_set_read_patience(int file, long seconds) {
  struct timeval time = {.tv_sec = seconds};
  return setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
}

long sice_send(int file, const uint8_t *bytes, size_t count, int waits) {
  return send(file, bytes, count, MSG_NOSIGNAL | (waits ? 0 : MSG_DONTWAIT));
}

long sice_receive(int file, uint8_t *bytes, size_t count) { return recv(file, bytes, count, MSG_DONTWAIT); }

uint64_t sice_clock(int clock) {
  struct timespec time = {0};
  clock_gettime(clock, &time);
  return (uint64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int sice_timer_make(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC); }

static struct timespec time_of(uint64_t nanoseconds) {
  return (struct timespec){.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
}

void sice_timer_set(int timer, uint64_t nanoseconds) {
  struct itimerspec setting = {.it_value = time_of(nanoseconds)};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &setting, 0);
}

int sice_poll(struct pollfd *files, size_t count, int milliseconds) { return poll(files, count, milliseconds); }

void sice_wait_for_input(const int *files, size_t count, uint64_t nanoseconds) {
  struct pollfd polled[8];
  struct timespec patience = time_of(nanoseconds);
  if (count > 8) count = 8;
  for (size_t i = 0; i < count; i++) polled[i] = (struct pollfd){.fd = files[i], .events = POLLIN};
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
