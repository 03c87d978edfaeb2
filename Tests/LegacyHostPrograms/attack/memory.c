/* SMRAM as root of Linux reaches it: through /dev/mem, and after changes of the host bridge's registers. */
#include "attack.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/io.h>
#include <sys/mman.h>
#include <unistd.h>

enum { page_size = 4096 };

static volatile uint32_t *map(smram_range smram) {
  int device = open("/dev/mem", O_RDWR | O_SYNC);
  void *memory = mmap(0, smram.size, PROT_READ | PROT_WRITE, MAP_SHARED, device, (off_t)smram.base);
  if (memory == MAP_FAILED) exit(70);
  close(device);
  return memory;
}

/* Nobody answers for hidden SMRAM: the bus reads as ones. */
static void look(volatile uint32_t *word, uint64_t place, const char *what, finding *found) {
  found->executions++;
  if (*word != 0xFFFFFFFF) note(found, what, place);
}

/* A word of every page, another one each round; all of the first pages, where save states and entry code are. */
finding attack_device_memory(smram_range smram) {
  finding found = {0};
  volatile uint32_t *memory = map(smram);
  for (uint64_t offset = 0; offset < smram.size; offset += page_size) {
    volatile uint32_t *word = memory + (offset + any() % page_size) / 4;
    look(word, offset, "smram-read", &found);
    *word = (uint32_t)any();
    look(word, offset, "smram-written", &found);
  }
  for (uint64_t offset = 0; offset < 0x20000; offset += 4) look(memory + offset / 4, offset, "smram-read", &found);
  return found;
}

static uint8_t config_read(uint8_t at) {
  outl(0x80000000 | (at & 0xFC), 0xCF8);
  return inb(0xCFC + (at & 3));
}

static void config_write(uint8_t at, uint8_t value) {
  outl(0x80000000 | (at & 0xFC), 0xCF8);
  outb(value, 0xCFC + (at & 3));
}

/* Extended TSEG size, SMRAM control, and those of q35 that say where SMRAM is (MCH: 0x50, 0x51, 0x9C to 0x9F). The PAM
 * registers are left to the bare-metal attacker: Linux reads its firmware's tables through them. */
finding attack_bridge_registers(smram_range smram) {
  static const uint8_t registers[] = {0x50, 0x51, 0x9C, 0x9D, 0x9E, 0x9F};
  finding found = {0};
  /* Intel's, or these are not its registers. */
  if (ioperm(0xCF8, 8, 1) != 0 || config_read(0) != 0x86 || config_read(1) != 0x80) exit(70);
  volatile uint32_t *memory = map(smram);
  for (unsigned n = 0; n < sizeof registers; n++) {
    const uint8_t before = config_read(registers[n]);
    for (unsigned value = 0; value < 256; value++) {
      config_write(registers[n], (uint8_t)value);
      for (int tries = 0; tries < 8; tries++) {
        /* The first pages hold the entry code and the save states. */
        const uint64_t limit = tries < 4 ? 0x20000 : smram.size, place = any() % limit & ~3ull;
        look(memory + place / 4, place, "smram-opened", &found);
      }
    }
    config_write(registers[n], before);
  }
  return found;
}
