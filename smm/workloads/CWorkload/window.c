#include "include/sice_workload.h"

static int inside(const sice_window *window, uint64_t offset, size_t size) {
  return offset <= window->size && size <= window->size - offset;
}

int sice_window_read(const sice_window *window, uint64_t offset, void *to, size_t size) {
  if (!inside(window, offset, size)) return 0;
  const void *from = (const void *)(uintptr_t)(window->address + offset);
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
  return 1;
}

int sice_window_write(const sice_window *window, uint64_t offset, const void *from, size_t size) {
  if (!inside(window, offset, size)) return 0;
  void *to = (void *)(uintptr_t)(window->address + offset);
  __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
  return 1;
}
