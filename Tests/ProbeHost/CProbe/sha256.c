/* The manager's own SHA-256, alone, for comparison. */
#if !defined(__linux__)
#include "bearssl.h"
#include "probe.h"

static uint64_t rdtsc(void) {
  uint32_t low, high;
  __asm__ volatile("rdtsc" : "=a"(low), "=d"(high) : : "memory");
  return (uint64_t)high << 32 | low;
}

uint64_t probe_time_sha256(const void *data, uint64_t size) {
  sha256_context context;
  unsigned char output[32];
  uint64_t start = rdtsc();
  br_sha256_init(&context);
  br_sha224_update(&context, data, size);
  br_sha256_out(&context, output);
  return rdtsc() - start;
}
#endif
