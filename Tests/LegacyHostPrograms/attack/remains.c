/* What a boot that is over left in memory, and the clock that ends a sleep. */
#include "attack.h"
#include "secret.h"

#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <unistd.h>

enum { piece = 1 << 16 };

/* Two words that only this program writes: who does not find them does not see memory. */
static volatile uint64_t control[2];

static uint64_t masked(const uint8_t *at) {
  uint64_t word;
  memcpy(&word, at, sizeof word);
  return word ^ secret_mask;
}

/* Looks at all memory that Linux uses, by way of its picture of itself. Returns how often the control was there. */
static unsigned search(finding *found) {
  static uint8_t bytes[piece];
  Elf64_Ehdr header;
  int core = open("/proc/kcore", O_RDONLY);
  if (core < 0 || pread(core, &header, sizeof header, 0) != sizeof header) exit(70);
  unsigned controls = 0;
  for (unsigned n = 0; n < header.e_phnum; n++) {
    Elf64_Phdr part;
    if (pread(core, &part, sizeof part, (off_t)(header.e_phoff + n * sizeof part)) != sizeof part) exit(70);
    /* Others than memory itself: addresses that the kernel gave out. */
    if (part.p_type != PT_LOAD || part.p_paddr >> 40 != 0) continue;
    for (uint64_t done = 0; done < part.p_memsz; done += piece) {
      const uint64_t size = part.p_memsz - done < piece ? part.p_memsz - done : piece;
      if (pread(core, bytes, size, (off_t)(part.p_offset + done)) != (ssize_t)size) continue;
      found->executions += size / 4096;
      for (uint64_t at = 0; at + 16 <= size; at += 8) {
        const uint64_t word = masked(bytes + at), next = masked(bytes + at + 8);
        if (word == secret_first && next == secret_next) note(found, "secret", part.p_paddr + done + at);
        controls += word == ~secret_first && next == ~secret_next;
      }
    }
  }
  close(core);
  return controls;
}

finding attack_remains(void) {
  finding found = {0};
  control[0] = ~secret_first ^ secret_mask;
  control[1] = ~secret_next ^ secret_mask;
  if (search(&found) == 0) note(&found, "memory-unseen", 0);
  return found;
}

/* The same after a sleep without TPM2_Shutdown: and nobody may start the TPM once more. */
finding attack_wake(void) {
  finding found = attack_remains();
  for (uint32_t type = 0; type < 2; type++) {
    found.executions++;
    const uint32_t answer = tpm_startup(type);
    if (answer != tpm_initialized) note(&found, "tpm-started", answer);
  }
  return found;
}

static uint8_t clock_read(uint8_t at) {
  outb(at, 0x70);
  return inb(0x71);
}

static void clock_write(uint8_t at, uint8_t value) {
  outb(at, 0x70);
  outb(value, 0x71);
}

/* ACPI sleep S3, which Linux and its TPM's driver learn nothing of; the clock's alarm wakes (ICH9 datasheet, 13.8.3). */
int sleep_now(void) {
  if (iopl(3) != 0) return 70;
  outl(0x8000F840, 0xCF8);
  const uint16_t base = (uint16_t)(inl(0xCFC) & 0xFF80);
  clock_write(0x0B, clock_read(0x0B) | 0x20);
  for (uint8_t alarm = 1; alarm < 6; alarm += 2) clock_write(alarm, 0xC0);
  /* Right behind an alarm: one that came before the machine sleeps would wake nobody, and no other follows it. */
  for (int tries = 0; tries < 20000000 && (clock_read(0x0C) & 0x20) == 0; tries++) continue;
  outw(0xFFFF, base);
  outw(1 << 10, base + 2);
  outw(1 << 13 | 1 << 10, base + 4);
  return 0;
}
