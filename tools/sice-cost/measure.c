/* What the paper measures, in whatever Linux this runs in, by its monotonic clock.
 * Usage: measure TEST=REPETITIONS...    a line for each repetition: row TEST NANOSECONDS
 *        measure stamp                  copies lines, each behind this machine's time
 *        measure at N                   tells count.c in which mode others measure from now on
 * Tests work on the files in /bench. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "point.h"

static void fail(const char *what) {
  perror(what);
  exit(70);
}

static uint64_t now(void) {
  struct timespec time;
  if (clock_gettime(CLOCK_MONOTONIC, &time) != 0) fail("clock");
  return time.tv_sec * 1000000000ull + time.tv_nsec;
}

/* Runs busybox with its standard output in a file. */
static void run(const char *output, char *const arguments[]) {
  pid_t child = vfork();
  if (child < 0) fail("vfork");
  if (child == 0) {
    if (output) {
      int file = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
      if (file < 0 || dup2(file, 1) < 0) _exit(71);
    }
    execv("/bin/busybox", arguments);
    _exit(72);
  }
  int status;
  if (waitpid(child, &status, 0) < 0 || status != 0) fail(arguments[0]);
}
#define RUN(output, ...) run(output, (char *const[]){__VA_ARGS__, 0})

/* Passes a point that count.c knows. */
#define POINT(n) \
  case n: \
    __asm__ volatile(".byte 0x0F, 0x1F, 0x80; .long %c0" ::"i"(POINT_BASE + n)); \
    break;
#define POINTS(n) POINT(n) POINT(n + 1) POINT(n + 2) POINT(n + 3) POINT(n + 4) POINT(n + 5) POINT(n + 6) POINT(n + 7)
static void pass(int point) {
  switch (point) {
    POINTS(POINT_MODE)
    POINTS(POINT_TEST)
    POINTS(POINT_END)
    default: break;
  }
}

/* The number of the test that is being measured. */
static int current;

/* Each test does its work so often and returns the nanoseconds that this took. */
static uint64_t time_of(void (*work)(void), int count) {
  uint64_t start = now();
  pass(POINT_TEST + current);
  for (int i = 0; i < count; i++) work();
  pass(POINT_END + current);
  return now() - start;
}

static void copy_file(void) { RUN(0, "cp", "/bench/data", "/bench/copy"); }
static void compress(void) { RUN("/bench/data.gz", "gzip", "-c", "/bench/data"); }
static void expand(void) { RUN("/bench/copy", "gunzip", "-c", "/bench/data.gz"); }
static void get_identity(void) { syscall(SYS_getpid); }
/* From the legacy host's web server. */
static void fetch(void) {
  char address[64];
  snprintf(address, sizeof address, "http://%s:8081/file", getenv("server") ? getenv("server") : "127.0.0.1");
  RUN(0, "wget", "-q", "-O", "/bench/fetched", address);
}
static void insert_module(void) { RUN(0, "insmod", "/bench/unix_diag.ko"); }

static void fork_and_wait(void) {
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) _exit(0);
  if (waitpid(child, 0, 0) != child) fail("waitpid");
}

static uint64_t copy_test(int count) { return time_of(copy_file, count); }
static uint64_t gzip_test(int count) { return time_of(compress, count); }
static uint64_t gunzip_test(int count) { return time_of(expand, count); }
static uint64_t fork_test(int count) { return time_of(fork_and_wait, count); }
static uint64_t getpid_test(int count) { return time_of(get_identity, count); }

static uint64_t wget_test(int count) { return time_of(fetch, count); }

/* Nothing: what a guest costs that waits. */
static uint64_t idle_test(int count) {
  sleep(count);
  return count * 1000000000ull;
}

static uint64_t insmod_test(int count) {
  uint64_t sum = 0;
  for (int i = 0; i < count; i++) {
    sum += time_of(insert_module, 1);
    RUN(0, "rmmod", "unix_diag"); /* not timed */
  }
  return sum;
}

static const struct test {
  const char *name;
  int count;
  uint64_t (*run)(int count);
} tests[] = {
    {"copy", 1, copy_test},      {"gzip", 1, gzip_test},         {"gunzip", 1, gunzip_test},
    {"fork", 500, fork_test},  {"getpid", 10000, getpid_test}, {"insmod", 10, insmod_test},
    {"wget", 10, wget_test},
    {"idle", 2, idle_test},
};

/* Tells `sice run --statistics` which test begins, 0 when none does, if the kernel's command line has `mark=1`. Nobody
 * else uses the scratch register of a serial port. */
static void mark(int test) {
  if (!getenv("mark")) return;
  if (ioperm(0x3FF, 1, 1) != 0) fail("ioperm");
  outb(test, 0x3FF);
  ioperm(0x3FF, 1, 0);
}

static void repeat(const struct test *test, int repetitions) {
  current = 0;
  test->run(1); /* brings program and files in */
  current = (int)(test - tests + 1);
  uint64_t times[repetitions];
  mark(current);
  for (int i = 0; i < repetitions; i++) times[i] = test->run(test->count);
  mark(0);
  for (int i = 0; i < repetitions; i++) printf("row %s %llu\n", test->name, (unsigned long long)times[i]);
}

static void stamp(void) {
  char line[512];
  while (fgets(line, sizeof line, stdin)) printf("%llu %s", (unsigned long long)now(), line);
}

int main(int count, char **arguments) {
  setvbuf(stdout, 0, _IOLBF, 0);
  if (count == 2 && strcmp(arguments[1], "stamp") == 0) {
    stamp();
    return 0;
  }
  if (count == 3 && strcmp(arguments[1], "at") == 0) {
    pass(POINT_MODE + atoi(arguments[2]));
    return 0;
  }
  printf("clock %llu\n", (unsigned long long)now());
  for (int i = 1; i < count; i++)
    for (size_t t = 0; t < sizeof tests / sizeof *tests; t++) {
      size_t length = strlen(tests[t].name);
      if (strncmp(arguments[i], tests[t].name, length) == 0 && arguments[i][length] == '=')
        repeat(&tests[t], atoi(arguments[i] + length + 1));
    }
  printf("clock %llu\n", (unsigned long long)now());
  return 0;
}
