/* A plugin for QEMU: how many instructions the tests of measure.c take, on the CPU that they run on and on the others.
 * Usage: -plugin count.so,out=FILE      a line for each point that measure.c passes
 *   at MODE               what follows is measured in this mode
 *   count TEST OWN OTHER  one repetition
 * A string instruction counts once, whatever it repeats: a CPU moves a line of its cache at a time, the emulator a byte. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../profile/plugin.h"
#include "point.h"

enum { CPUS = 8 };
/* Each on a line of its own, so that threads do not wait for each other. */
static struct {
  _Alignas(128) uint64_t count;
} executed[CPUS];
static uint64_t began_own, began_all;
static FILE *out;

static void execute(unsigned cpu, void *data) {
  if (cpu < CPUS) executed[cpu].count += (uintptr_t)data;
}

static void pass(unsigned cpu, void *data) {
  unsigned point = (unsigned)(uintptr_t)data;
  uint64_t all = 0;
  if (cpu >= CPUS) return;
  for (int i = 0; i < CPUS; i++) all += executed[i].count;
  uint64_t own = executed[cpu].count;
  if (point < POINT_TEST) fprintf(out, "at %u\n", point - POINT_MODE);
  else if (point < POINT_END) began_own = own, began_all = all;
  else fprintf(out, "count %u %llu %llu\n", point - POINT_END, (unsigned long long)(own - began_own),
               (unsigned long long)(all - began_all - (own - began_own)));
  fflush(out);
}

static int is_repetition(const struct instruction *instruction) {
  struct bytes bytes = bytes_of(instruction);
  int repeats = 0;
  for (size_t i = 0; i + 1 < bytes.count; i++) repeats |= bytes.byte[i] == 0xF2 || bytes.byte[i] == 0xF3;
  uint8_t code = bytes.count > 0 ? bytes.byte[bytes.count - 1] : 0;
  return repeats && ((code >= 0xA4 && code <= 0xA7) || (code >= 0xAA && code <= 0xAF) || (code >= 0x6C && code <= 0x6F));
}

static void translate(uint64_t plugin, struct block *block) {
  (void)plugin;
  size_t count = qemu_plugin_tb_n_insns(block);
  /* The emulator comes back to the instruction itself for each further repetition. */
  if (count == 1 && is_repetition(qemu_plugin_tb_get_insn(block, 0))) return;
  qemu_plugin_register_vcpu_tb_exec_cb(block, execute, 0, (void *)(uintptr_t)count);
  for (size_t i = 0; i < count; i++) {
    struct instruction *instruction = qemu_plugin_tb_get_insn(block, i);
    int point = point_of(instruction, POINT_BASE, POINT_LAST);
    if (point >= 0) qemu_plugin_register_vcpu_insn_exec_cb(instruction, pass, 0, (void *)(uintptr_t)point);
  }
}

__attribute__((visibility("default"))) int qemu_plugin_install(uint64_t plugin, const void *machine, int count, char **arguments) {
  (void)machine;
  if (count != 1 || strncmp(arguments[0], "out=", 4) != 0) return -1;
  out = fopen(arguments[0] + 4, "w");
  if (!out) return -1;
  qemu_plugin_register_vcpu_tb_trans_cb(plugin, translate);
  return 0;
}
