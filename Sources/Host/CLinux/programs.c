#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "include/linux_calls.h"

enum { MOST_WORDS = 32 };

static int start(pid_t *process, char *const *words, int output, int errors) {
  posix_spawn_file_actions_t actions;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, output, 1);
  if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, errors, 2);
  if (error == 0) error = posix_spawn(process, words[0], &actions, 0, words, environ);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

/* Finds the words in their bytes. Returns 0 or an error's number. */
static int find_words(const uint8_t *words, size_t size, char **list) {
  if (size == 0 || words[size - 1] != 0) return EINVAL;
  size_t count = 0;
  for (size_t at = 0; at < size; at += strlen((const char *)words + at) + 1) {
    if (count == MOST_WORDS) return E2BIG;
    list[count++] = (char *)words + at;
  }
  list[count] = 0;
  return 0;
}

int sice_spawn(const uint8_t *words, size_t size, int output, int errors) {
  char *list[MOST_WORDS + 1];
  pid_t process = -1;
  int error = find_words(words, size, list);
  if (error == 0) error = start(&process, list, output, errors);
  if (error == 0) return process;
  errno = error;
  return -1;
}

int sice_spawned_runs(int process) {
  siginfo_t information = {0};
  return waitid(P_PID, process, &information, WEXITED | WNOHANG | WNOWAIT) == 0 && information.si_pid == 0;
}

int sice_spawned_status(int process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
