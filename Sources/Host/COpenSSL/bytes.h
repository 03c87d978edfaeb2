/* What OpenSSL does with bytes, without its handles. Swift calls these with spans, whose bounds it holds. They return 1, or 0
 * when OpenSSL refuses or a size does not fit. */
#pragma once
#include <limits.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <stdint.h>
#include <string.h>

/* Only where the compiler's SafeInteropWrappers are on: others do not know the attribute here. */
#ifdef SICE_SPANS
#define SICE_BYTES(count) __attribute__((__counted_by__(count)))
#else
#define SICE_BYTES(count)
#endif
#define SICE_LENT __attribute__((noescape))

static inline const EVP_MD *sice_hash_of(size_t size) {
  return size == 32 ? EVP_sha256() : size == 48 ? EVP_sha384() : 0;
}

/* SHA-256 or SHA-384, by the digest's size. */
static inline int sice_hash(const uint8_t *SICE_BYTES(count) message SICE_LENT, size_t count,
                            uint8_t *SICE_BYTES(size) digest SICE_LENT, size_t size) {
  const EVP_MD *hash = sice_hash_of(size);
  return hash && EVP_Digest(message, count, digest, 0, hash, 0) == 1;
}

/* The same of a message that comes in pieces, in the context's own hash. */
static inline int sice_hash_piece(EVP_MD_CTX *context, const uint8_t *SICE_BYTES(count) piece SICE_LENT, size_t count) {
  return EVP_DigestUpdate(context, piece, count) == 1;
}

static inline int sice_hash_end(EVP_MD_CTX *context, uint8_t *SICE_BYTES(size) digest SICE_LENT, size_t size) {
  return EVP_MD_CTX_get_size(context) == (int)size && EVP_DigestFinal_ex(context, digest, 0) == 1;
}

static inline int sice_hmac(const uint8_t *SICE_BYTES(key_count) key SICE_LENT, size_t key_count,
                            const uint8_t *SICE_BYTES(count) message SICE_LENT, size_t count,
                            uint8_t *SICE_BYTES(size) code SICE_LENT, size_t size) {
  const EVP_MD *hash = sice_hash_of(size);
  return hash && key_count <= INT_MAX && HMAC(hash, key, (int)key_count, message, count, code, 0) != 0;
}

static inline int sice_random(uint8_t *SICE_BYTES(count) bytes SICE_LENT, size_t count) {
  return count <= INT_MAX && RAND_bytes(bytes, (int)count) == 1;
}

/* AES-128 or AES-256 in CFB mode, by the key's size; the vector has 16 bytes, the output as many as the input. */
static inline int sice_encrypt_cfb(const uint8_t *SICE_BYTES(key_count) key SICE_LENT, size_t key_count,
                                   const uint8_t *SICE_BYTES(vector_count) vector SICE_LENT, size_t vector_count,
                                   const uint8_t *SICE_BYTES(count) input SICE_LENT, size_t count,
                                   uint8_t *SICE_BYTES(size) output SICE_LENT, size_t size) {
  const EVP_CIPHER *cipher = key_count == 16 ? EVP_aes_128_cfb128() : key_count == 32 ? EVP_aes_256_cfb128() : 0;
  if (!cipher || vector_count != 16 || count > INT_MAX || size != count) return 0;
  EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
  int length = 0;
  int result = context && EVP_EncryptInit_ex(context, cipher, 0, key, vector) == 1 &&
               EVP_EncryptUpdate(context, output, &length, input, (int)count) == 1 && length == (int)count;
  EVP_CIPHER_CTX_free(context);
  return result;
}

static inline EVP_PKEY *sice_fresh_key(int curve) {
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, 0);
  EVP_PKEY *key = 0;
  if (context && EVP_PKEY_keygen_init(context) == 1 &&
      EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, curve) == 1)
    EVP_PKEY_generate(context, &key);
  EVP_PKEY_CTX_free(context);
  return key;
}

static inline int sice_derive(EVP_PKEY *own, EVP_PKEY *peer, uint8_t *secret, size_t size) {
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(own, 0);
  size_t length = size;
  int result = context && EVP_PKEY_derive_init(context) == 1 && EVP_PKEY_derive_set_peer(context, peer) == 1 &&
               EVP_PKEY_derive(context, secret, &length) == 1 && length == size;
  EVP_PKEY_CTX_free(context);
  return result;
}

/* A fresh key of a curve agrees with the peer's (SubjectPublicKeyInfo, DER): its point, uncompressed, and the x coordinate of the
 * shared one. */
static inline int sice_agree(int curve, const uint8_t *SICE_BYTES(peer_count) peer SICE_LENT, size_t peer_count,
                             uint8_t *SICE_BYTES(point_size) point SICE_LENT, size_t point_size,
                             uint8_t *SICE_BYTES(secret_size) secret SICE_LENT, size_t secret_size) {
  const unsigned char *cursor = peer;
  EVP_PKEY *own = sice_fresh_key(curve), *other = d2i_PUBKEY(0, &cursor, (long)peer_count);
  unsigned char *encoding = 0;
  int result = own && other && sice_derive(own, other, secret, secret_size) &&
               EVP_PKEY_get1_encoded_public_key(own, &encoding) == point_size;
  if (result) memcpy(point, encoding, point_size);
  OPENSSL_free(encoding);
  EVP_PKEY_free(other);
  EVP_PKEY_free(own);
  return result;
}
