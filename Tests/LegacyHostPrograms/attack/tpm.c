/* What root asks of the TPM (TPM 2.0 Library, part 3), with the empty password that no owner of this machine has changed. */
#include "attack.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { tag_sessions = 0x8002, extend = 0x182, reset = 0x13D, sha256 = 0x000B };
enum { hierarchy_control = 0x121, change_endorsement_seed = 0x124, change_platform_seed = 0x125, clear = 0x126,
  clear_control = 0x127, hierarchy_change_auth = 0x129, platform = 0x4000000C,
  closed = 0x185 };

/* Sends a command and returns the response code. */
static uint32_t transmit(const uint8_t *bytes, size_t size) {
  uint8_t response[512];
  int device = open("/dev/tpmrm0", O_RDWR);
  if (device < 0 || write(device, bytes, size) != (ssize_t)size) exit(70);
  if (read(device, response, sizeof response) < 10) exit(70);
  close(device);
  uint32_t result;
  memcpy(&result, response + 6, sizeof result);
  return ntohl(result);
}

static uint8_t *append(uint8_t *end, const void *bytes, size_t count) {
  if (count != 0) memcpy(end, bytes, count);
  return end + count;
}

static uint8_t *append_number(uint8_t *end, uint32_t number) {
  return append(end, (uint8_t[]){TPM_BYTES(number)}, 4);
}

/* By TPM_RS_PW, with no nonce and no attributes. The first handle is the one that the password is for. */
uint32_t tpm_command(uint32_t code, const uint32_t *handles, unsigned handle_count, const char *password,
    const uint8_t *parameters, size_t count) {
  uint8_t bytes[256] = {tag_sessions >> 8, tag_sessions & 0xFF};
  const size_t length = strlen(password);
  uint8_t *end = append_number(bytes + 6, code);
  for (unsigned n = 0; n < handle_count; n++) end = append_number(end, handles[n]);
  end = append_number(end, (uint32_t)(9 + length));
  end = append_number(end, 0x40000009);
  end = append(end, (uint8_t[]){0, 0, 0, 0, (uint8_t)length}, 5);
  end = append(end, password, length);
  end = append(end, parameters, count);
  append_number(bytes + 2, (uint32_t)(end - bytes));
  return transmit(bytes, (size_t)(end - bytes));
}

static uint32_t command(uint32_t code, uint32_t handle, const uint8_t *parameters, size_t count) {
  return tpm_command(code, &handle, 1, "", parameters, count);
}

uint32_t tpm_startup(uint32_t type) {
  const uint8_t bytes[] = {0x80, 0x01, 0, 0, 0, 12, TPM_BYTES(0x144), 0, (uint8_t)type};
  return transmit(bytes, sizeof bytes);
}

/* Returns how many bytes the text has, or -1 when it is none or longer than `limit`. */
static ssize_t parse(const char *text, uint8_t *bytes, size_t limit) {
  const size_t size = strlen(text) / 2;
  if (size > limit) return -1;
  for (size_t n = 0; n < size; n++)
    if (sscanf(text + 2 * n, "%2hhx", &bytes[n]) != 1) return -1;
  return (ssize_t)size;
}

uint32_t tpm_extend(uint32_t pcr, const char *digest) {
  uint8_t digests[38] = {0, 0, 0, 1, sha256 >> 8, sha256 & 0xFF};
  if (parse(digest, digests + 6, 32) != 32) exit(64);
  return command(extend, pcr, digests, sizeof digests);
}

uint32_t tpm_reset(uint32_t pcr) { return command(reset, pcr, 0, 0); }

int tpm_pass(int device, const char *text) {
  uint8_t bytes[4096];
  const ssize_t size = parse(text, bytes, sizeof bytes);
  if (size < 0) return 64;
  if (write(device, bytes, (size_t)size) != size) return 70;
  ssize_t count = read(device, bytes, sizeof bytes);
  printf("tpm ");
  for (ssize_t n = 0; n < count; n++) printf("%02x", bytes[n]);
  puts("");
  return count > 0 ? 0 : 70;
}

/* Registers that measure the boot start again only with the machine; 16 and 23 are anybody's. */
finding attack_register_reset(void) {
  finding found = {0};
  for (uint32_t pcr = 0; pcr < 16; pcr++) {
    found.executions++;
    if (tpm_reset(pcr) == 0) note(&found, "register-reset", pcr);
  }
  /* A TPM that refuses everything would show nothing. */
  found.executions++;
  const uint32_t debug = tpm_reset(16);
  if (debug != 0) note(&found, "debug-register-not-reset", debug);
  return found;
}

/* The platform's rights over the TPM, new seeds and thereby new keys among them, end before the host starts. Each refusal
 * must say that: TPM_RC_HIERARCHY, of the first handle. A command that is refused for its form shows nothing. */
finding attack_platform_hierarchy(void) {
  static const struct {
    uint32_t code;
    uint8_t parameters[6], count;
  } rights[] = {
      {hierarchy_control, {0x40, 0, 0, 0x0C, 1}, 5}, {hierarchy_change_auth, {0, 1, 'A'}, 3}, {clear_control, {0}, 1},
      {change_platform_seed, {0}, 0}, {clear, {0}, 0}, {change_endorsement_seed, {0}, 0},
  };
  finding found = {0};
  for (unsigned n = 0; n < sizeof rights / sizeof *rights; n++) {
    found.executions++;
    const uint32_t answer = command(rights[n].code, platform, rights[n].parameters, rights[n].count);
    if (answer != closed) note(&found, "platform-right", (uint64_t)rights[n].code << 32 | answer);
  }
  return found;
}
