/* Words of a shared window, written while its environment runs. */
#include "attack.h"

#include <unistd.h>

/* `offset` and `size` are the window's place in the communication area; a file ends it. */
int storm(uint64_t offset, uint64_t size, const char *file) {
  volatile uint8_t *window = area_map(offset + size) + offset;
  while (access(file, F_OK) != 0)
    for (int n = 0; n < 1000; n++) {
      /* Requests and answers begin with their headers: half of the writes hit these. */
      const uint64_t place = any() % (any() % 2 ? 64 : size);
      window[place] = (uint8_t)any();
    }
  return 0;
}
