/* From BearSSL's bearssl_hash.h and bearssl_ec.h: what the probe uses of the manager's own library. */
#ifndef SICE_PROBE_BEARSSL_H
#define SICE_PROBE_BEARSSL_H
#include <stdint.h>

/* br_sha256 uses SHA-224's context and update function. */
typedef struct {
  const void *vtable;
  unsigned char buffer[64];
  uint64_t count;
  uint32_t value[8];
} sha256_context;
void br_sha256_init(sha256_context *context);
void br_sha224_update(sha256_context *context, const void *data, unsigned long size);
void br_sha256_out(const sha256_context *context, void *output);

typedef struct {
  int curve;
  unsigned char *point;
  unsigned long size;
} public_key;
extern const struct br_ec_impl br_ec_p256_m31;
uint32_t br_ecdsa_i31_vrfy_raw(const struct br_ec_impl *curves, const void *hash, unsigned long hash_size,
                               const public_key *key, const void *signature, unsigned long size);
#endif
