/* poke ADDRESS VALUE: writes a word of physical memory that another process has mapped. (busybox devmem maps it uncached, which
 * the kernel refuses beside a cached mapping.) */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

int main(int count, char **arguments) {
  if (count != 3) return 64;
  uint64_t address = strtoull(arguments[1], 0, 0);
  int file = open("/dev/mem", O_RDWR);
  char *page = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, (off_t)(address & ~0xFFFull));
  if (file < 0 || page == MAP_FAILED) {
    perror("/dev/mem");
    return 1;
  }
  *(volatile uint32_t *)(page + (address & 0xFFC)) = (uint32_t)strtoul(arguments[2], 0, 0);
  return 0;
}
