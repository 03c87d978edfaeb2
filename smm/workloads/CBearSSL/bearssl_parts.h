/* What workloads use of BearSSL, each as one call with plain arguments. */
#include <bearssl_ec.h>
#include <bearssl_hash.h>
#include <bearssl_rand.h>

/* br_sha256_update is a macro for the function of SHA-224. */
static inline void bearssl_sha256_update(br_sha256_context *context, const uint8_t *bytes, size_t size) {
  br_sha256_update(context, bytes, size);
}

static inline br_ec_private_key bearssl_p256_key(const uint8_t secret[32]) {
  br_ec_private_key key = {BR_EC_secp256r1, (unsigned char *)(uintptr_t)secret, 32};
  return key;
}

/* A secret scalar from a seed, by HMAC-DRBG (SP 800-90A) with SHA-256. 1 on success. */
static inline int bearssl_p256_secret(const uint8_t seed[32], uint8_t secret[32]) {
  br_hmac_drbg_context generator;
  br_hmac_drbg_init(&generator, &br_sha256_vtable, seed, 32);
  return br_ec_keygen(&generator.vtable, &br_ec_p256_m31, NULL, secret, BR_EC_secp256r1) == 32;
}

/* The uncompressed public point of a secret scalar. 1 on success. */
static inline int bearssl_p256_public(const uint8_t secret[32], uint8_t point[65]) {
  br_ec_private_key key = bearssl_p256_key(secret);
  return br_ec_compute_pub(&br_ec_p256_m31, NULL, point, &key) == 65;
}

/* ECDSA with a nonce by RFC 6979: r and s, 32 bytes each. 1 on success. */
static inline int bearssl_p256_sign(const uint8_t secret[32], const uint8_t digest[32], uint8_t signature[64]) {
  br_ec_private_key key = bearssl_p256_key(secret);
  return br_ecdsa_i31_sign_raw(&br_ec_p256_m31, &br_sha256_vtable, digest, &key, signature) == 64;
}
