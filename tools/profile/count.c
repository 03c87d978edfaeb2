/* A plugin for QEMU: how often the instruction at each address ran in one part of a benchmark (BenchCase.swift).
 * Usage: -plugin count.so,out=FILE,part=N       `samples COUNT`, then a line `ADDRESS COUNT` for each address */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../Tests/ProbeHost/CProbe/include/points.h"
#include "plugin.h"

/* Open addressing; a machine without operating system translates a few ten thousand addresses. */
enum { SLOTS = 1 << 18 };
static struct {
  uint64_t address, count, before;
} counters[SLOTS];
static unsigned used, part, current;
static uint64_t samples;
static const char *path;

static uint64_t *counter(uint64_t address) {
  unsigned slot = (unsigned)(address * 0x9E3779B97F4A7C15u >> 46);
  while (counters[slot].address != 0 && counters[slot].address != address + 1) slot = (slot + 1) % SLOTS;
  if (counters[slot].address == 0 && ++used == SLOTS) abort();
  counters[slot].address = address + 1;
  return &counters[slot].count;
}

static void write_counts(void) {
  FILE *out = fopen(path, "w");
  if (!out) return;
  fprintf(out, "samples %llu\n", (unsigned long long)samples);
  for (unsigned n = 0; n < SLOTS; n++)
    if (counters[n].count != counters[n].before)
      fprintf(out, "%016llx %llu\n", (unsigned long long)counters[n].address - 1,
              (unsigned long long)(counters[n].count - counters[n].before));
  fclose(out);
}

static void pass(unsigned cpu, void *data) {
  unsigned point = (unsigned)(uintptr_t)data;
  (void)cpu;
  if (point == POINT_SAMPLE) samples += current == part;
  else if (point == part) {
    current = part;
    for (unsigned n = 0; n < SLOTS; n++) counters[n].before = counters[n].count;
  } else if (current == part) {
    write_counts();
    current = POINT_END;
  }
}

/* Machines whose instructions are counted run one CPU at a time. */
static void execute(unsigned cpu, void *data) {
  (void)cpu;
  ++*(uint64_t *)data;
}

static void translate(uint64_t plugin, struct block *block) {
  (void)plugin;
  for (size_t n = 0; n < qemu_plugin_tb_n_insns(block); n++) {
    struct instruction *instruction = qemu_plugin_tb_get_insn(block, n);
    qemu_plugin_register_vcpu_insn_exec_cb(instruction, execute, 0, counter(qemu_plugin_insn_vaddr(instruction)));
    int point = point_of(instruction, POINT_BASE, POINT_LAST);
    if (point >= 0) qemu_plugin_register_vcpu_insn_exec_cb(instruction, pass, 0, (void *)(uintptr_t)point);
  }
}

__attribute__((visibility("default"))) int qemu_plugin_install(uint64_t plugin, const void *machine, int count, char **arguments) {
  (void)machine;
  if (count != 2 || strncmp(arguments[0], "out=", 4) != 0 || strncmp(arguments[1], "part=", 5) != 0) return -1;
  path = arguments[0] + 4;
  part = (unsigned)atoi(arguments[1] + 5);
  qemu_plugin_register_vcpu_tb_trans_cb(plugin, translate);
  return 0;
}
