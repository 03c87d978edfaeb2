/* The only users of BearSSL: SHA-256 states, a random generator, and the report key. */
#include <string.h>

#include "bearssl.h"
#include "instructions.h"
#include "manager.h"

static br_sha256_context digests[SICE_DIGESTS];

/* All secrets of the manager itself, in a section of their own, so that one loop wipes them (I8). */
static struct {
  br_hmac_drbg_context generator;
  uint32_t generator_seeded;
  uint32_t key_size;
  unsigned char key[BR_EC_KBUF_PRIV_MAX_SIZE];
} secrets __attribute__((section(".bss.secrets")));

static void wipe(void *bytes, size_t size) {
  memset(bytes, 0, size);
  __asm__ volatile("" : : "r"(bytes) : "memory");
}

void sice_digest_begin(uint32_t slot) { br_sha256_init(&digests[slot % SICE_DIGESTS]); }
void sice_digest_update(uint32_t slot, const void *bytes, size_t size) {
  br_sha224_update(&digests[slot % SICE_DIGESTS], bytes, size);
}
void sice_digest_finish(uint32_t slot, uint8_t *digest) {
  br_sha256_out(&digests[slot % SICE_DIGESTS], digest);
  wipe(&digests[slot % SICE_DIGESTS], sizeof digests[0]);
}

/* 32 bytes of RDRAND. Each word is tried ten times (the CPU vendors' advice); a generator that repeats itself or
 * returns all ones is broken (seen on machines after a resume). */
static int hardware_random(uint64_t words[4]) {
  if (!(sice_cpuid(1, 0).ecx & 1u << 30)) return 0;
  uint64_t last = UINT64_MAX;
  for (int i = 0; i < 4; i++) {
    int tries = 10;
    while (tries > 0 && !sice_rdrand(&words[i])) tries--;
    if (tries == 0 || words[i] == last || words[i] == UINT64_MAX) return 0;
    last = words[i];
  }
  return 1;
}

/* Mixes fresh hardware randomness into the generator, so that a broken one never makes it worse. */
static int stir(void) {
  uint64_t words[4];
  if (!hardware_random(words)) return 0;
  if (secrets.generator_seeded) {
    br_hmac_drbg_update(&secrets.generator, words, sizeof words);
  } else {
    br_hmac_drbg_init(&secrets.generator, &br_sha256_vtable, words, sizeof words);
    secrets.generator_seeded = 1;
  }
  wipe(words, sizeof words);
  return 1;
}

int sice_random(void *bytes, size_t size) {
  if (!stir()) return 0;
  br_hmac_drbg_generate(&secrets.generator, bytes, size);
  return 1;
}

int sice_key_sign(const uint8_t *digest, uint8_t *signature) {
  if (secrets.key_size == 0) return 0;
  br_ec_private_key key = {BR_EC_secp256r1, secrets.key, secrets.key_size};
  return br_ecdsa_i31_sign_raw(&br_ec_p256_m31, &br_sha256_vtable, digest, &key, signature) == 64;
}

/* A public key that does not fit would make every report of this boot worthless: make it a second time, by the
 * algorithm for any point instead of that for the generator, and compare (NIST SP 800-56A rev. 3, 5.6.2.1.4). */
static int key_matches(const uint8_t *public_key) {
  uint8_t point[65];
  size_t size;
  memcpy(point, br_ec_p256_m31.generator(BR_EC_secp256r1, &size), sizeof point);
  return br_ec_p256_m31.mul(point, sizeof point, secrets.key, secrets.key_size, BR_EC_secp256r1) == 1 &&
         memcmp(point, public_key, sizeof point) == 0;
}

int sice_key_make(const uint8_t *entropy, size_t size, uint8_t *public_key) {
  if (!stir()) return 0;
  br_hmac_drbg_update(&secrets.generator, entropy, size);
  br_ec_private_key key;
  size_t made = br_ec_keygen(&secrets.generator.vtable, &br_ec_p256_m31, &key, secrets.key, BR_EC_secp256r1);
  if (made == 0 || br_ec_compute_pub(&br_ec_p256_m31, 0, public_key, &key) != 65) return 0;
  secrets.key_size = (uint32_t)key.xlen;
  if (key_matches(public_key)) return 1;
  sice_key_destroy();
  return 0;
}

void sice_key_destroy(void) { wipe(&secrets, sizeof secrets); }
