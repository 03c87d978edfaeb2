/* The part of QEMU's plugin interface (version 1) that is used here. */
#ifndef PLUGIN_H
#define PLUGIN_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct block;
struct instruction;
typedef void handler(unsigned cpu, void *data);
enum { QEMU_PLUGIN_INLINE_ADD_U64 = 0 };
extern void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t plugin, void (*)(uint64_t plugin, struct block *));
extern size_t qemu_plugin_tb_n_insns(const struct block *);
extern struct instruction *qemu_plugin_tb_get_insn(const struct block *, size_t);
extern const void *qemu_plugin_insn_data(const struct instruction *);
extern size_t qemu_plugin_insn_size(const struct instruction *);
extern uint64_t qemu_plugin_insn_vaddr(const struct instruction *);
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct block *, handler *, int flags, void *data);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct instruction *, handler *, int flags, void *data);
extern void qemu_plugin_register_vcpu_insn_exec_inline(struct instruction *, int operation, void *counter, uint64_t operand);

/* What an instruction marks that does nothing: NOP with an operand that nobody else uses, less `base`; -1 for any other. */
static inline int point_of(const struct instruction *instruction, uint32_t base, uint32_t last) {
  const uint8_t *bytes = qemu_plugin_insn_data(instruction);
  uint32_t operand;
  if (qemu_plugin_insn_size(instruction) != 7 || memcmp(bytes, "\x0F\x1F\x80", 3) != 0) return -1;
  memcpy(&operand, bytes + 3, 4);
  return operand - base < last ? (int)(operand - base) : -1;
}
#endif
