#define _GNU_SOURCE
#include "include/linux_calls.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <unistd.h>

long sice_numeric_address(const uint8_t *text, size_t count, uint16_t port, uint8_t *address, size_t size) {
  char name[INET6_ADDRSTRLEN] = "";
  struct sockaddr_in6 long_address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
  struct sockaddr_in short_address = {.sin_family = AF_INET, .sin_port = htons(port)};
  /* A null ends the name in C alone. */
  if (count >= sizeof name || memchr(text, 0, count) || size < sizeof long_address) return -1;
  memcpy(name, text, count);
  if (inet_pton(AF_INET6, name, &long_address.sin6_addr) == 1) {
    memcpy(address, &long_address, sizeof long_address);
    return sizeof long_address;
  }
  if (inet_pton(AF_INET, name, &short_address.sin_addr) != 1) return -1;
  memcpy(address, &short_address, sizeof short_address);
  return sizeof short_address;
}

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

int sice_event_make(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

/* A file that can be read for each of some signals, which the calling thread does not get any more. */
static int hold(const sigset_t *signals) {
  return sigprocmask(SIG_BLOCK, signals, 0) == 0 ? signalfd(-1, signals, SFD_CLOEXEC) : -1;
}

int sice_hold_endings(void) {
  static const int numbers[] = {SIGTERM, SIGINT, SIGHUP};
  sigset_t signals;
  sigemptyset(&signals);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction action;
    if (sigaction(numbers[i], 0, &action) != 0 || action.sa_handler != SIG_IGN) sigaddset(&signals, numbers[i]);
  }
  return hold(&signals);
}

int sice_window_changes(void) {
  sigset_t change;
  sigemptyset(&change);
  sigaddset(&change, SIGWINCH);
  return hold(&change);
}

long sice_window_size(int file) {
  struct winsize size;
  return ioctl(file, TIOCGWINSZ, &size) != 0 ? -1 : (long)size.ws_row << 16 | size.ws_col;
}
