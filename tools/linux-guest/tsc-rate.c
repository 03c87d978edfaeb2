/* Prints the rate of this machine's time stamp counter in kHz. QEMU's emulated CPUs read the same counter. */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

/* The shortest of some readings, so that no interruption lies between clock and counter. */
static uint64_t read_both(uint64_t *counter) {
  uint64_t shortest = UINT64_MAX, at = 0;
  for (int i = 0; i < 100; i++) {
    struct timespec time;
    uint64_t before = __rdtsc();
    clock_gettime(CLOCK_MONOTONIC, &time);
    uint64_t length = __rdtsc() - before;
    if (length >= shortest) continue;
    shortest = length;
    *counter = before + length / 2;
    at = time.tv_sec * 1000000000ull + time.tv_nsec;
  }
  return at;
}

int main(void) {
  uint64_t first, last;
  uint64_t start = read_both(&first);
  usleep(500000);
  uint64_t end = read_both(&last);
  printf("%llu\n", (unsigned long long)((last - first) * 1000000 / (end - start)));
  return 0;
}
