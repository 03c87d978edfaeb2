/* The part of QEMU's plugin interface that is used here, in the version that tools/profile/plugin compiles for: QEMU before 9.0
 * takes 0 to 1, 9.1 and later 2 and more, and which bytes an instruction has is asked in another way since 3. */
#ifndef PLUGIN_H
#define PLUGIN_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct block;
struct instruction;
typedef void handler(unsigned cpu, void *data);
extern void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t plugin, void (*)(uint64_t plugin, struct block *));
extern size_t qemu_plugin_tb_n_insns(const struct block *);
extern struct instruction *qemu_plugin_tb_get_insn(const struct block *, size_t);
#if PLUGIN_VERSION < 3
extern const void *qemu_plugin_insn_data(const struct instruction *);
#else
extern size_t qemu_plugin_insn_data(const struct instruction *, void *, size_t);
#endif
extern size_t qemu_plugin_insn_size(const struct instruction *);
extern uint64_t qemu_plugin_insn_vaddr(const struct instruction *);
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct block *, handler *, int flags, void *data);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct instruction *, handler *, int flags, void *data);

__attribute__((visibility("default"))) int qemu_plugin_version = PLUGIN_VERSION;

/* An instruction of x86 has at most 15 bytes. */
struct bytes {
  uint8_t byte[16];
  size_t count;
};

static inline struct bytes bytes_of(const struct instruction *instruction) {
  struct bytes bytes = {.count = qemu_plugin_insn_size(instruction)};
  if (bytes.count > sizeof bytes.byte) bytes.count = sizeof bytes.byte;
#if PLUGIN_VERSION < 3
  memcpy(bytes.byte, qemu_plugin_insn_data(instruction), bytes.count);
#else
  bytes.count = qemu_plugin_insn_data(instruction, bytes.byte, bytes.count);
#endif
  return bytes;
}

/* What an instruction marks that does nothing: NOP with an operand that nobody else uses, less `base`; -1 for any other. */
static inline int point_of(const struct instruction *instruction, uint32_t base, uint32_t last) {
  struct bytes bytes = bytes_of(instruction);
  uint32_t operand;
  if (bytes.count != 7 || memcmp(bytes.byte, "\x0F\x1F\x80", 3) != 0) return -1;
  memcpy(&operand, bytes.byte + 3, 4);
  return operand - base < last ? (int)(operand - base) : -1;
}
#endif
