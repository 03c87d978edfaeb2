/* What root may do to the TPM as its owner: his own indices, its lockout, its storage. */
#include "attack.h"

#include <stdio.h>

enum { nv_define = 0x12A, nv_undefine = 0x122, nv_write = 0x137, nv_read = 0x14E, pcr_allocate = 0x12B, pcr_policy = 0x12C,
  lockout_parameters = 0x13A, clear = 0x126, pcr_event = 0x13C };
enum { owner = 0x40000001, lockout = 0x4000000A, platform = 0x4000000C, spare = 0x01800101, guarded = 0x01800102,
  endorsement_certificate = 0x01C00002 };
enum { closed = 0x185, locked_out = 0x921, not_authorized = 0x149, index_locked = 0x148 };

static void expect(finding *found, const char *what, uint32_t answer, uint32_t expected) {
  found->executions++;
  if (answer != expected) note(found, what, answer);
}

/* An index of 32 bytes with an empty password; OWNERREAD, OWNERWRITE and more attributes. */
static uint32_t define(uint32_t authority, uint32_t index, uint32_t attributes) {
  const uint8_t parameters[] = {0, 0, 0, 14, TPM_BYTES(index), 0, 0x0B, TPM_BYTES(attributes), 0, 0, 0, 32};
  return tpm_command(nv_define, (uint32_t[]){authority}, 1, "", parameters, sizeof parameters);
}

static uint32_t write_index(uint32_t index) {
  const uint8_t parameters[2 + 32 + 2] = {0, 32};
  return tpm_command(nv_write, (uint32_t[]){owner, index}, 2, "", parameters, sizeof parameters);
}

static uint32_t undefine(uint32_t index) {
  return tpm_command(nv_undefine, (uint32_t[]){owner, index}, 2, "", 0, 0);
}

/* Root's own indices come and go; the platform's rights over indices and banks of registers are closed. The endorsement key's
 * certificate is the manufacturer's: who could put another there would enroll this machine under another's name. */
finding attack_indices(void) {
  static const uint8_t bank[] = {0, 0, 0, 1, 0, 0x0B, 3, 0, 0, 0}, policy[] = {0, 0, 0, 0x10, 0, 0, 0, 5};
  finding found = {0};
  for (int round = 0; round < 20; round++) {
    expect(&found, "own-index-refused", define(owner, spare, 0x20002), 0);
    expect(&found, "own-index-not-written", write_index(spare), 0);
    expect(&found, "own-index-stays", undefine(spare), 0);
  }
  /* PLATFORMCREATE, PPWRITE, PPREAD. */
  expect(&found, "platform-index", define(platform, spare, 0x40010001), closed);
  expect(&found, "bank-switched-off", tpm_command(pcr_allocate, (uint32_t[]){platform}, 1, "", bank, sizeof bank), closed);
  expect(&found, "register-policy", tpm_command(pcr_policy, (uint32_t[]){platform}, 1, "", policy, sizeof policy), closed);
  expect(&found, "certificate-removed", undefine(endorsement_certificate), not_authorized);
  expect(&found, "certificate-written", write_index(endorsement_certificate), index_locked);
  /* Registers of the boot that root extended would be another attack; these are anybody's. */
  static const char digest[] = "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a";
  expect(&found, "register-16", tpm_extend(16, digest), 0);
  expect(&found, "register-23", tpm_extend(23, digest), 0);
  static const uint8_t event[] = {0, 4, 'b', 'o', 'o', 't'};
  expect(&found, "event-16", tpm_command(pcr_event, (uint32_t[]){16}, 1, "", event, sizeof event), 0);
  return found;
}

/* New storage keys, and new clocks and counters. */
finding attack_clear(void) {
  finding found = {0};
  expect(&found, "not-cleared", tpm_command(clear, (uint32_t[]){lockout}, 1, "", 0, 0), 0);
  return found;
}

/* Wrong passwords until the TPM takes none any more. */
finding attack_lockout(void) {
  static const uint8_t parameters[] = {TPM_BYTES(3), TPM_BYTES(100000), TPM_BYTES(100000)}, all[] = {0, 32, 0, 0};
  finding found = {0};
  expect(&found, "few-tries",
      tpm_command(lockout_parameters, (uint32_t[]){lockout}, 1, "", parameters, sizeof parameters), 0);
  expect(&found, "guarded-index", define(owner, guarded, 0x60006), 0);
  expect(&found, "guarded-index-not-written", write_index(guarded), 0);
  uint32_t answer = 0;
  for (int tries = 0; tries < 10 && answer != locked_out; tries++) {
    found.executions++;
    answer = tpm_command(nv_read, (uint32_t[]){guarded, guarded}, 2, "wrong", all, sizeof all);
  }
  expect(&found, "no-lockout", answer, locked_out);
  return found;
}
