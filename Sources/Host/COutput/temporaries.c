#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ending.h"
#include "include/output.h"

enum { COUNT = 256, TRIES = 100 };
enum { UNUSED, TAKEN, A_FILE, A_FOLDER };
/* Never freed, so that a handler in another thread finds no path that is gone. */
static struct {
  atomic_int state;
  char path[PATH_MAX];
} temporaries[COUNT];

/* Without opendir(), which allocates. Folders within stay, and then so does this one. */
static void remove_folder(const char *path) {
  struct entry {
    unsigned long inode, offset;
    unsigned short size;
    char type, name[];
  };
  _Alignas(struct entry) char entries[4096];
  int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  long got;
  while (folder >= 0 && (got = syscall(SYS_getdents64, folder, entries, sizeof entries)) > 0)
    for (long at = 0; at < got; at += ((struct entry *)(entries + at))->size)
      unlinkat(folder, ((struct entry *)(entries + at))->name, 0);
  if (folder >= 0) close(folder);
  rmdir(path);
}

static void remove_one(int number) {
  int state = atomic_exchange(&temporaries[number].state, TAKEN);
  if (state == A_FILE) unlink(temporaries[number].path);
  if (state == A_FOLDER) remove_folder(temporaries[number].path);
}

void sice_remove_temporaries(void) {
  for (int number = 0; number < COUNT; number++)
    if (atomic_load(&temporaries[number].state) > TAKEN) remove_one(number);
}

static int claim(void) {
  for (int number = 0; number < COUNT; number++) {
    int unused = UNUSED;
    if (atomic_compare_exchange_strong(&temporaries[number].state, &unused, TAKEN)) return number;
  }
  errno = EMFILE;
  return -1;
}

static int choose_name(char *end) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
  unsigned char bytes[6];
  if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes) return -1;
  for (unsigned int i = 0; i < sizeof bytes; i++) end[i] = letters[bytes[i] % 32];
  return 0;
}

/* Makes it with a name that nobody else has. */
static int make(char *path, int kind, unsigned int mode, int *file) {
  for (int tries = 0; tries < TRIES; tries++) {
    if (choose_name(path + strlen(path) - 6) != 0) return -1;
    int result = kind == A_FOLDER ? mkdir(path, mode)
                                  : open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (kind == A_FILE) *file = result;
    if (result >= 0) return 0;
    if (errno != EEXIST && errno != EINTR) return -1;
  }
  return -1;
}

static int add(char *path, int kind, unsigned int mode, int *file) {
  if (strlen(path) >= PATH_MAX) {
    errno = ENAMETOOLONG;
    return -1;
  }
  int number = claim();
  if (number < 0) return -1;
  sice_prepare_for_the_end();
  sigset_t before;
  sice_block(&before);
  int is_made = make(path, kind, mode, file) == 0;
  if (is_made) strcpy(temporaries[number].path, path);
  atomic_store(&temporaries[number].state, is_made ? kind : UNUSED);
  sice_unblock(&before);
  return is_made ? number : -1;
}

int sice_temporary_file(char *path, unsigned int mode, int *file) { return add(path, A_FILE, mode, file); }

int sice_temporary_folder(char *path) { return add(path, A_FOLDER, 0700, 0); }

void sice_remove_temporary(int number) {
  if (number < 0) return;
  remove_one(number);
  atomic_store(&temporaries[number].state, UNUSED);
}

static void forget(int number) {
  if (number >= 0) atomic_store(&temporaries[number].state, UNUSED);
}

static int place(int number, const char *path) {
  return number < 0 ? 0 : rename(temporaries[number].path, path);
}

int sice_rename_temporary(int number, const char *path) {
  sigset_t before;
  sice_block(&before);
  int result = place(number, path);
  if (result == 0) forget(number);
  sice_unblock(&before);
  return result;
}

/* How a file took its name, and so how it is given back. */
enum way { EXCHANGED, NEW, REPLACED };

static int place_for_now(int number, const char *path, enum way *way) {
  const char *temporary = temporaries[number].path;
  struct stat before;
  if (lstat(path, &before) == 0 && S_ISDIR(before.st_mode)) { /* which could be exchanged, but not removed */
    errno = EISDIR;
    return -1;
  }
  *way = EXCHANGED;
  if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_EXCHANGE) == 0) return 0;
  *way = errno == ENOENT ? NEW : REPLACED;
  if (errno != ENOENT && errno != EINVAL && errno != ENOSYS) return -1;
  return rename(temporary, path);
}

static void give_back(int number, const char *path, enum way way) {
  const char *temporary = temporaries[number].path;
  int error = errno;
  if (way == EXCHANGED) renameat2(AT_FDCWD, path, AT_FDCWD, temporary, RENAME_EXCHANGE);
  if (way == NEW) rename(path, temporary);
  errno = error;
}

static int place_both(int first, const char *first_path, int second, const char *second_path) {
  enum way way = REPLACED;
  if (first >= 0 && place_for_now(first, first_path, &way) != 0) return 1;
  if (place(second, second_path) != 0) {
    if (first >= 0) give_back(first, first_path, way);
    return 2;
  }
  if (first >= 0 && way == EXCHANGED) unlink(temporaries[first].path);
  forget(first);
  forget(second);
  return 0;
}

int sice_rename_temporaries(int first, const char *first_path, int second, const char *second_path) {
  sigset_t before;
  sice_block(&before);
  int result = place_both(first, first_path, second, second_path);
  sice_unblock(&before);
  return result;
}
