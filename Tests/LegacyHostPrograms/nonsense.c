/* A device model that answers nonsense: what a hostile legacy host may say to a Linux guest and to the manager.
 * Usage: nonsense ID SEED SECONDS           in time-sharing mode, on this core
 *        nonsense ID SEED SECONDS APIC-ID   on another core, which Linux took offline
 *        nonsense pool                      prints how many pages of SMRAM are free
 * Prints how many exits it answered, and "lived" or the number of the guest's crash. Exit status: 0; 1 when the manager
 * answered other than documented. */
#define _GNU_SOURCE
#include "area.h"
#include "smi_call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Numbers of Sources/Manager/SICEABI. */
enum { info = 1, run = 6, destroy = 7, status = 11, launch = 13, stop = 14, kick = 15 };
enum { wrong_state = 102, invalid_argument = 103, environment_busy = 106, event_pending = 111 };
enum { exit_crashed = 4, exit_last = 8, state_dead = 5, crash_first = 0x100, crash_last = 0x105 };
static const uint64_t request = 0x53494345000000C5, success = 0x7369636500000000, event_valid = 1ull << 31;

/* SplitMix64. */
static uint64_t seed;
static uint64_t any(void) {
  uint64_t z = seed += 0x9E3779B97F4A7C15;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
  z = (z ^ z >> 27) * 0x94D049BB133111EB;
  return z ^ z >> 31;
}

/* The communication area. */
static volatile uint8_t *memory;

/* Exits that had an answer. */
static unsigned long served;

static void fail(const char *what, uint64_t found) {
  printf("%s: %llx\n", what, (unsigned long long)found);
  exit(1);
}

/* Sends a command; returns the error's number. */
static uint64_t ask(sice_smi_registers *r, uint64_t command, uint64_t rcx, uint64_t rdx, uint64_t rsi) {
  *r = (sice_smi_registers){.rax = request, .rbx = command, .rcx = rcx, .rdx = rdx, .rsi = rsi};
  if (sice_smi_call(area_words(memory), r) != 0 || (r->rax & ~0xFFFFull) != success) fail("no answer", r->rax);
  return r->rax & 0xFFFF;
}

static uint64_t free_pages(void) {
  sice_smi_registers r;
  if (ask(&r, info, 0, 0, 0) != 0) fail("info", r.rax);
  return r.rdx;
}

static uint64_t any_event(void) {
  switch (any() % 4) {
  case 0: return 0;
  case 1: return any();
  case 2: return event_valid | any() % 512;
  default: return event_valid | (32 + any() % 224);
  }
}

static int is_event(uint64_t event) {
  uint64_t vector = event & ~event_valid;
  return (event & event_valid) && vector >= 32 && vector <= 255;
}

/* One slice. Returns the crash's number, or 0. */
static uint64_t answer_slice(uint64_t environment) {
  sice_smi_registers r;
  uint64_t event = any_event(), error = ask(&r, run, environment, any(), event);
  if (error != 0) {
    if (error != (is_event(event) ? event_pending : invalid_argument)) fail("run", error);
    if (ask(&r, run, environment, any(), 0) != 0) fail("run without event", r.rax);
  } else if (event != 0 && !is_event(event)) {
    fail("an event was taken", event);
  }
  if (r.rbx == 0 || r.rbx > exit_last) fail("exit reason", r.rbx);
  served++;
  return r.rbx == exit_crashed ? r.rcx : 0;
}

/* The host's part of the exchange page, and the manager's (ExchangeLayout.swift). */
enum { sequence = 0, answered = 16, event_number = 17, input = 18, event = 20, words = 32 };

/* Takes a number that may be the newest exit's, or nonsense of ours. */
static void notice(uint32_t number, uint32_t *newest) {
  if (number - *newest <= 2) *newest = number;
}

/* Overwrites a word. A number that the manager wrote is noticed first, in one step: were it lost, all later answers would be to
 * older exits, and the guest would wait for ever. */
static void overwrite(volatile uint32_t *page, int word, uint32_t *newest) {
  uint32_t before = __atomic_exchange_n(page + word, (uint32_t)any(), __ATOMIC_SEQ_CST);
  if (word == sequence) notice(before, newest);
}

/* One piece of nonsense for a core of its own; most of the time the guest gets an answer, so that it goes on. */
static void disturb(uint64_t environment, volatile uint32_t *page, uint32_t *newest) {
  sice_smi_registers r;
  uint64_t error;
  switch (any() % 16) {
  case 0: overwrite(page, answered, newest); break;
  case 1: overwrite(page, any() % words, newest); break;
  case 2:
    for (int n = 0; n < words; n++) overwrite(page, n, newest);
    break;
  case 3: case 4:
    page[event] = (uint32_t)any_event();
    page[event_number] = (uint32_t)any();
    break;
  case 5: case 6:
    error = ask(&r, kick, environment, 0, 0);
    if (error != 0 && error != wrong_state) fail("kick", error);
    break;
  case 7:
    error = ask(&r, any() % 2 ? run : destroy, environment, any(), 0);
    if (error != environment_busy && error != wrong_state) fail("a command in between", error);
    break;
  default:
    notice(page[sequence], newest);
    page[input] = (uint32_t)any();
    page[input + 1] = (uint32_t)any();
    page[answered] = *newest + any() % 2; /* also an exit that is still to come */
    usleep(any() % 50);
  }
}

/* The state of the environment, and its crash's number. */
static uint64_t outcome(uint64_t environment, uint64_t area) {
  sice_smi_registers r;
  /* AreaLayout.output */
  if (ask(&r, status, environment % 16, area + 1024, 0) != 0 || r.rbx != environment) fail("status", r.rax);
  uint64_t code;
  memcpy(&code, (const void *)(memory + 1024 + 24), sizeof code);
  return memory[1024 + 4] == state_dead ? code : 0;
}

static uint64_t serve_core(uint64_t environment, uint64_t core, time_t end) {
  const uint64_t area = area_base(), place = 0x11000 + environment % 16 * 4096;
  volatile uint32_t *page = (volatile uint32_t *)(memory + place);
  memset((void *)page, 0, 4096);
  sice_smi_registers r;
  if (ask(&r, launch, environment, core, area + place) != 0) fail("launch", r.rax);
  uint32_t newest = 0;
  while (time(0) < end) disturb(environment, page, &newest);
  for (int tries = 0;; tries++) {
    if (ask(&r, stop, environment, 0, 0) != 0) fail("stop", r.rax);
    if (r.rbx == 0) break;
    if (tries == 10000) fail("the core does not come back", r.rbx);
    usleep(1000);
  }
  served = newest;
  return outcome(environment, area);
}

int main(int count, char **arguments) {
  if (sice_smi_permit(0xB2) != 0) return 70;
  memory = area_map(0x21000);
  if (count == 2 && strcmp(arguments[1], "pool") == 0) return printf("%llu\n", (unsigned long long)free_pages()) < 0;
  if (count < 4 || count > 5) return 64;
  const uint64_t environment = strtoull(arguments[1], 0, 0);
  seed = strtoull(arguments[2], 0, 0);
  const time_t end = time(0) + atol(arguments[3]);
  uint64_t crash = 0;
  if (count == 5)
    crash = serve_core(environment, strtoull(arguments[4], 0, 0), end);
  else
    while (crash == 0 && time(0) < end) crash = answer_slice(environment);
  if (crash != 0 && (crash < crash_first || crash > crash_last)) fail("crash", crash);
  if (served == 0) fail("no exit was answered", 0);
  printf("%lu exits, ", served);
  if (crash == 0)
    puts("lived");
  else
    printf("crashed %llx\n", (unsigned long long)crash);
  return 0;
}
