/* What OpenSSL does with keys: public ones are their SubjectPublicKeyInfo, secret ones the private key of their kind, both DER. As
 * in bytes.h, functions return 1 or a size; 0 when OpenSSL refuses or a size does not fit. */
#pragma once
#include <openssl/ecdsa.h>
#include <openssl/objects.h>
#include <openssl/rsa.h>

#include "bytes.h"

/* The key that all of the bytes are; null when they are none. */
static inline EVP_PKEY *sice_key_of(const uint8_t *key, size_t count) {
  const unsigned char *cursor = key;
  EVP_PKEY *found = count <= INT_MAX ? d2i_PUBKEY(0, &cursor, (long)count) : 0;
  if (found && cursor == key + count) return found;
  EVP_PKEY_free(found);
  return 0;
}

/* `EVP_PKEY_RSA`, `EVP_PKEY_EC` or another. */
static inline int sice_key_kind(const uint8_t *SICE_BYTES(count) key SICE_LENT, size_t count) {
  EVP_PKEY *found = sice_key_of(key, count);
  int kind = found ? EVP_PKEY_get_base_id(found) : 0;
  EVP_PKEY_free(found);
  return kind;
}

static inline int sice_key_bits(const uint8_t *SICE_BYTES(count) key SICE_LENT, size_t count) {
  EVP_PKEY *found = sice_key_of(key, count);
  int bits = found ? EVP_PKEY_get_bits(found) : 0;
  EVP_PKEY_free(found);
  return bits;
}

/* In OpenSSL's words the curve of a key that has one, the kind of others. */
static inline size_t sice_key_name(const uint8_t *SICE_BYTES(count) key SICE_LENT, size_t count,
                                   uint8_t *SICE_BYTES(size) name SICE_LENT, size_t size) {
  EVP_PKEY *found = sice_key_of(key, count);
  char curve[80] = "";
  const char *text = found ? EVP_PKEY_get0_type_name(found) : 0;
  if (found && EVP_PKEY_get_base_id(found) == EVP_PKEY_EC)
    text = EVP_PKEY_get_group_name(found, curve, sizeof curve, 0) == 1 ? curve : "unnamed";
  size_t length = text ? strlen(text) : 0;
  if (length > size) length = 0;
  memcpy(name, text ? text : "", length);
  EVP_PKEY_free(found);
  return length;
}

/* Whether a signature (DER for ECDSA, PKCS #1 v1.5 for RSA) over SHA-256 of the message is the key's. */
static inline int sice_verify(const uint8_t *SICE_BYTES(count) key SICE_LENT, size_t count,
                              const uint8_t *SICE_BYTES(signature_count) signature SICE_LENT, size_t signature_count,
                              const uint8_t *SICE_BYTES(message_count) message SICE_LENT, size_t message_count) {
  EVP_PKEY *found = sice_key_of(key, count);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int result = found && context && EVP_DigestVerifyInit(context, 0, EVP_sha256(), 0, found) == 1 &&
               EVP_DigestVerify(context, signature, signature_count, message, message_count) == 1;
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(found);
  return result;
}

/* OpenSSL takes the label over and frees it, so that it must be its own memory. */
static inline int sice_set_label(EVP_PKEY_CTX *context, const uint8_t *label, size_t count) {
  void *copy = count <= INT_MAX ? OPENSSL_memdup(label, count) : 0;
  if (copy && EVP_PKEY_CTX_set0_rsa_oaep_label(context, copy, (int)count) == 1) return 1;
  OPENSSL_free(copy);
  return 0;
}

/* RSA-OAEP with one hash, by its digest's size, for data and mask, and a label. Returns the size of what it wrote. */
static inline size_t sice_encrypt_oaep(const uint8_t *SICE_BYTES(count) key SICE_LENT, size_t count,
                                       const uint8_t *SICE_BYTES(secret_count) secret SICE_LENT, size_t secret_count,
                                       const uint8_t *SICE_BYTES(label_count) label SICE_LENT, size_t label_count,
                                       size_t hash_size, uint8_t *SICE_BYTES(size) output SICE_LENT, size_t size) {
  const EVP_MD *hash = sice_hash_of(hash_size);
  EVP_PKEY *found = sice_key_of(key, count);
  EVP_PKEY_CTX *context = found ? EVP_PKEY_CTX_new(found, 0) : 0;
  size_t length = size;
  int result = hash && context && EVP_PKEY_encrypt_init(context) == 1 &&
               EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_oaep_md(context, hash) == 1 && EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash) == 1 &&
               sice_set_label(context, label, label_count) &&
               EVP_PKEY_encrypt(context, output, &length, secret, secret_count) == 1;
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(found);
  return result ? length : 0;
}

/* A fresh key of a curve: its secret half, and its point, uncompressed. Returns the size of the secret half. */
static inline size_t sice_make_key(int curve, uint8_t *SICE_BYTES(size) secret SICE_LENT, size_t size,
                                   uint8_t *SICE_BYTES(point_size) point SICE_LENT, size_t point_size) {
  EVP_PKEY *key = sice_fresh_key(curve);
  unsigned char *cursor = secret, *encoding = 0;
  int length = key ? i2d_PrivateKey(key, 0) : 0;
  int result = length > 0 && (size_t)length <= size && EVP_PKEY_get1_encoded_public_key(key, &encoding) == point_size &&
               i2d_PrivateKey(key, &cursor) == length;
  if (result) memcpy(point, encoding, point_size);
  OPENSSL_free(encoding);
  EVP_PKEY_free(key);
  return result ? (size_t)length : 0;
}

/* The uncompressed point of an elliptic curve's secret key. 0 when it is none, or its point has another size. */
static inline int sice_key_point(const uint8_t *SICE_BYTES(count) secret SICE_LENT, size_t count,
                                 uint8_t *SICE_BYTES(size) point SICE_LENT, size_t size) {
  const unsigned char *cursor = secret;
  unsigned char *encoding = 0;
  EVP_PKEY *key = count <= INT_MAX ? d2i_PrivateKey(EVP_PKEY_EC, 0, &cursor, (long)count) : 0;
  int result = key && EVP_PKEY_get1_encoded_public_key(key, &encoding) == size;
  if (result) memcpy(point, encoding, size);
  OPENSSL_free(encoding);
  EVP_PKEY_free(key);
  return result;
}

/* The two integers of an ECDSA signature, each in a half of the result. */
static inline int sice_split(const uint8_t *encoding, size_t count, uint8_t *signature, size_t size) {
  const unsigned char *cursor = encoding;
  ECDSA_SIG *parts = d2i_ECDSA_SIG(0, &cursor, (long)count);
  int half = (int)size / 2;
  int result = parts && BN_bn2binpad(ECDSA_SIG_get0_r(parts), signature, half) == half &&
               BN_bn2binpad(ECDSA_SIG_get0_s(parts), signature + half, half) == half;
  ECDSA_SIG_free(parts);
  return result;
}

/* ECDSA with SHA-256 by an elliptic curve's secret key: two integers, each in a half of the signature. */
static inline int sice_sign(const uint8_t *SICE_BYTES(count) secret SICE_LENT, size_t count,
                            const uint8_t *SICE_BYTES(message_count) message SICE_LENT, size_t message_count,
                            uint8_t *SICE_BYTES(size) signature SICE_LENT, size_t size) {
  const unsigned char *cursor = secret;
  EVP_PKEY *key = count <= INT_MAX ? d2i_PrivateKey(EVP_PKEY_EC, 0, &cursor, (long)count) : 0;
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  unsigned char encoding[160];
  size_t length = sizeof encoding;
  int result = key && context && size <= sizeof encoding && EVP_DigestSignInit(context, 0, EVP_sha256(), 0, key) == 1 &&
               EVP_DigestSign(context, encoding, &length, message, message_count) == 1 &&
               sice_split(encoding, length, signature, size);
  EVP_MD_CTX_free(context);
  EVP_PKEY_free(key);
  return result;
}
