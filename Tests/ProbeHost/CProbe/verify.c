/* Checks a report's signature (COSE_Sign1, RFC 9052 §4.4) where the attacker sees it, so that a report which was made of
 * words that changed meanwhile is found out. */
#if !defined(__linux__)
#include "bearssl.h"
#include "probe.h"

enum { p256 = 23, start = 42, signature_size = 64 };

/* Tag 18, array of 4, protected header, map of the key's identifier, then the payload with a head of three bytes. */
static const uint8_t head[] = {0xD2, 0x84, 0x43, 0xA1, 0x01, 0x26, 0xA1, 0x04, 0x58, 0x20};
/* Sig_structure: array of 4, "Signature1", protected header, no external data. */
static const uint8_t prefix[] = {0x84, 0x6A, 'S',  'i',  'g',  'n',  'a',  't',
                                 'u',  'r',  'e',  '1',  0x43, 0xA1, 0x01, 0x26, 0x40};

uint32_t probe_report_is_signed(const uint8_t *report, uint64_t size, const uint8_t *key) {
  if (size < start + 3 + 2 + signature_size || report[start] != 0x59) return 0;
  for (uint64_t i = 0; i < sizeof head; i++)
    if (report[i] != head[i]) return 0;
  uint64_t payload = (uint64_t)report[start + 1] << 8 | report[start + 2];
  const uint8_t *end = report + start + 3 + payload;
  if (start + 3 + payload + 2 + signature_size != size || end[0] != 0x58 || end[1] != signature_size) return 0;
  sha256_context context;
  uint8_t digest[32];
  br_sha256_init(&context);
  br_sha224_update(&context, prefix, sizeof prefix);
  br_sha224_update(&context, report + start, 3 + payload);
  br_sha256_out(&context, digest);
  public_key point = {p256, (unsigned char *)key, 65};
  return br_ecdsa_i31_vrfy_raw(&br_ec_p256_m31, digest, sizeof digest, &point, end + 2, signature_size);
}
#endif
