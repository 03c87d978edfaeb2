/* What OpenSSL says of certificates (X.509, DER), whatever follows them. As in bytes.h, functions return a size or another number; 0
 * also for what is no certificate. */
#pragma once
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "bytes.h"

static inline X509 *sice_certificate_of(const uint8_t *encoding, size_t count) {
  const unsigned char *cursor = encoding;
  return count <= INT_MAX ? d2i_X509(0, &cursor, (long)count) : 0;
}

static inline int sice_is_certificate(const uint8_t *SICE_BYTES(count) encoding SICE_LENT, size_t count) {
  X509 *certificate = sice_certificate_of(encoding, count);
  int result = certificate != 0;
  X509_free(certificate);
  return result;
}

/* As people say it: 3 for X.509v3. */
static inline long sice_certificate_version(const uint8_t *SICE_BYTES(count) encoding SICE_LENT, size_t count) {
  X509 *certificate = sice_certificate_of(encoding, count);
  long version = certificate ? X509_get_version(certificate) + 1 : 0;
  X509_free(certificate);
  return version;
}

/* Writes SubjectPublicKeyInfo of the certified key, which is no larger than its certificate; returns its size. */
static inline size_t sice_certificate_key(const uint8_t *SICE_BYTES(count) encoding SICE_LENT, size_t count,
                                          uint8_t *SICE_BYTES(size) key SICE_LENT, size_t size) {
  X509 *certificate = sice_certificate_of(encoding, count);
  X509_PUBKEY *found = certificate ? X509_get_X509_PUBKEY(certificate) : 0;
  unsigned char *cursor = key;
  int length = found ? i2d_X509_PUBKEY(found, 0) : 0;
  int result = length > 0 && (size_t)length <= size && i2d_X509_PUBKEY(found, &cursor) == length;
  X509_free(certificate);
  return result ? (size_t)length : 0;
}

/* EXFLAG_… of its extensions. */
static inline uint32_t sice_certificate_flags(const uint8_t *SICE_BYTES(count) encoding SICE_LENT, size_t count) {
  X509 *certificate = sice_certificate_of(encoding, count);
  uint32_t flags = certificate ? X509_get_extension_flags(certificate) : 0;
  X509_free(certificate);
  return flags;
}

/* KU_… of keyUsage; all of them where it is missing. */
static inline uint32_t sice_certificate_key_usage(const uint8_t *SICE_BYTES(count) encoding SICE_LENT, size_t count) {
  X509 *certificate = sice_certificate_of(encoding, count);
  uint32_t usage = certificate ? X509_get_key_usage(certificate) : 0;
  X509_free(certificate);
  return usage;
}

/* Writes the object identifiers of extendedKeyUsage, dotted, a blank behind each; returns their size: 0 also when it is missing,
 * malformed or stands there twice. */
static inline size_t sice_certificate_usages(const uint8_t *SICE_BYTES(count) encoding SICE_LENT, size_t count,
                                             uint8_t *SICE_BYTES(size) text SICE_LENT, size_t size) {
  X509 *certificate = sice_certificate_of(encoding, count);
  EXTENDED_KEY_USAGE *usages = certificate ? X509_get_ext_d2i(certificate, NID_ext_key_usage, 0, 0) : 0;
  size_t length = 0;
  for (int i = 0; i < sk_ASN1_OBJECT_num(usages); i++) {
    char name[128] = "";
    OBJ_obj2txt(name, sizeof name, sk_ASN1_OBJECT_value(usages, i), 1);
    size_t shown = strlen(name);
    if (shown + 1 > size - length) {
      length = 0;
      break;
    }
    memcpy(text + length, name, shown);
    text[length + shown] = ' ';
    length += shown + 1;
  }
  EXTENDED_KEY_USAGE_free(usages);
  X509_free(certificate);
  return length;
}

/* Takes all certificates of a text (PEM) as anchors; returns how many. */
static inline int sice_add_anchors(X509_STORE *store, const uint8_t *pem, size_t count) {
  BIO *input = count <= INT_MAX ? BIO_new_mem_buf(pem, (int)count) : 0;
  int added = 0;
  for (X509 *anchor; input && (anchor = PEM_read_bio_X509(input, 0, 0, 0)); X509_free(anchor))
    added += X509_STORE_add_cert(store, anchor) == 1;
  BIO_free(input);
  return added;
}

enum { SICE_CHAIN_NO_ANCHOR = -1, SICE_CHAIN_FAILURE = -2 };

/* Checks the chain from a certificate to one of the anchors (PEM, any number) at the present time, all signatures of at least
 * OpenSSL's security level `level`. Returns 0 for a good chain, otherwise OpenSSL's error (X509_V_ERR_…) with the place in the chain
 * where it is in the upper half, or one of the above. */
static inline int sice_certificate_verify(const uint8_t *SICE_BYTES(count) encoding SICE_LENT, size_t count,
                                          const uint8_t *SICE_BYTES(pem_count) anchors SICE_LENT, size_t pem_count,
                                          int level) {
  X509 *certificate = sice_certificate_of(encoding, count);
  X509_STORE *store = X509_STORE_new();
  X509_STORE_CTX *context = X509_STORE_CTX_new();
  int result = SICE_CHAIN_FAILURE;
  if (certificate && store && context) {
    if (sice_add_anchors(store, anchors, pem_count) == 0) result = SICE_CHAIN_NO_ANCHOR;
    /* An intermediate alone may be an anchor. */
    else if (X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) == 1 &&
             X509_STORE_CTX_init(context, store, certificate, 0) == 1) {
      X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), level);
      int is_good = X509_verify_cert(context) == 1, error = X509_STORE_CTX_get_error(context);
      if (is_good) result = 0;
      else if (error > 0) result = X509_STORE_CTX_get_error_depth(context) << 16 | (error & 0xFFFF);
    }
  }
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  X509_free(certificate);
  return result;
}
