/* The manager's own SHA-256, alone, for comparison. */
#if !defined(__linux__)
#include "probe.h"

/* From BearSSL's bearssl_hash.h: br_sha256 uses SHA-224's context and update function. */
typedef struct {
  const void *vtable;
  unsigned char buffer[64];
  uint64_t count;
  uint32_t value[8];
} sha256_context;
void br_sha256_init(sha256_context *context);
void br_sha224_update(sha256_context *context, const void *data, unsigned long size);
void br_sha256_out(const sha256_context *context, void *output);

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
