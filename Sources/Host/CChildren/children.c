#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "keeper.h"
#include "output.h"

enum { COUNT = 256 };
enum { UNUSED, STARTING, KEPT, GONE };
/* GONE: let go. Never freed, for a handler in another thread. */
static struct {
  atomic_int state;
  pid_t keeper;
  int line;
} children[COUNT];
static struct sice_finding *findings;
static atomic_int is_ending;

/* The process ends as somebody decided; what ended because of that is no news. */
static void hold_if_ending(void) {
  while (atomic_load(&is_ending)) pause();
}

/* The keeper is collected by sice_child_forget() or at the end: until then nobody else has its number. */
static void wait_for(int number) {
  siginfo_t found;
  while (waitid(P_PID, children[number].keeper, &found, WEXITED | WNOWAIT) != 0 && errno == EINTR) continue;
}

static void say(int number, char word) { send(children[number].line, &word, 1, MSG_NOSIGNAL); }

/* One that is being started is, or is refused, in a moment. Its thread cannot be this one, which had blocked the signal. */
static int is_kept(int number) {
  for (int tries = 0; tries < 1000 && atomic_load(&children[number].state) == STARTING; tries++)
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, 0);
  return atomic_load(&children[number].state) == KEPT;
}

/* A handler may call it, and it may interrupt itself. What has ended is collected: who takes over our children may not do it. */
static void end_all(void) {
  atomic_store(&is_ending, 1);
  for (int number = 0; number < COUNT; number++)
    if (is_kept(number)) say(number, STOP);
  for (int number = 0; number < COUNT; number++)
    if (is_kept(number)) {
      wait_for(number);
      waitpid(children[number].keeper, 0, WNOHANG);
    }
}

static int prepare(void) {
  if (findings) return 0;
  void *memory = mmap(0, COUNT * sizeof *findings, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return -1;
  findings = memory;
  sice_before_the_end(end_all);
  return 0;
}

static int claim(void) {
  for (int number = 0; number < COUNT; number++) {
    int unused = UNUSED;
    if (atomic_compare_exchange_strong(&children[number].state, &unused, STARTING)) return number;
  }
  errno = EAGAIN;
  return -1;
}

/* Signals are blocked, so that no handler finds a program half started by the thread that it interrupted. */
static int start_keeper(int number, const struct sice_program *program) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
  findings[number] = (struct sice_finding){.status = SIGKILL};
  /* Not fork(), which calls what libraries registered. */
  pid_t keeper = _Fork();
  if (keeper == 0) sice_keep(program, &findings[number], ends[1]);
  int error = errno;
  close(ends[1]);
  if (keeper < 0) {
    close(ends[0]);
    errno = error;
    return -1;
  }
  children[number].keeper = keeper;
  children[number].line = ends[0];
  return 0;
}

static void block(sigset_t *before) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, before);
}

static void unblock(const sigset_t *before) {
  int error = errno;
  pthread_sigmask(SIG_SETMASK, before, 0);
  errno = error;
}

/* Whoever ends this process sees a program that is being started before this one sees that it ends, or the other way round. */
static int start(const struct sice_program *program) {
  int number = claim();
  if (number < 0) return -1;
  int is_started = !atomic_load(&is_ending) && start_keeper(number, program) == 0;
  atomic_store(&children[number].state, is_started ? KEPT : UNUSED);
  return is_started ? number : -1;
}

static int start_ready(const struct sice_program *program) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&lock);
  int is_prepared = prepare() == 0;
  pthread_mutex_unlock(&lock);
  if (!is_prepared) return -1;
  sigset_t before;
  block(&before);
  int number = start(program);
  unblock(&before);
  hold_if_ending();
  if (number < 0) return -1;
  char ready;
  ssize_t count;
  while ((count = read(children[number].line, &ready, 1)) < 0 && errno == EINTR) continue;
  int error = count == 1 ? findings[number].error : ECHILD;
  if (!error) return number;
  sice_child_wait(number);
  sice_child_forget(number);
  errno = error;
  return -1;
}

int sice_child_start(const char *words, int count, const char *folder, int output, int lock) {
  char **arguments = calloc(count + 1, sizeof *arguments);
  if (!arguments) return -1;
  const char *word = words;
  for (int i = 0; i < count; i++, word += strlen(word) + 1) arguments[i] = (char *)word;
  int number = start_ready(&(struct sice_program){
      .path = words, .arguments = arguments, .folder = folder, .output = output, .lock = lock});
  int error = errno;
  free(arguments);
  errno = error;
  return number;
}

int sice_child_identifier(int number) { return findings[number].identifier; }

int sice_child_is_running(int number) {
  siginfo_t found = {.si_pid = 0};
  int result;
  do result = waitid(P_PID, children[number].keeper, &found, WEXITED | WNOWAIT | WNOHANG);
  while (result != 0 && errno == EINTR);
  if (result == 0 && found.si_pid == 0) return 1;
  hold_if_ending();
  return 0;
}

int sice_child_wait(int number) {
  wait_for(number);
  hold_if_ending();
  return findings[number].status;
}

void sice_child_stop(int number) {
  say(number, STOP);
  sice_child_wait(number);
}

void sice_child_detach(int number) {
  atomic_store(&children[number].state, GONE);
  say(number, DETACH);
}

void sice_child_forget(int number) {
  sigset_t before;
  block(&before);
  int state = atomic_exchange(&children[number].state, STARTING);
  if (atomic_load(&is_ending)) {
    atomic_store(&children[number].state, state);
    unblock(&before);
    hold_if_ending();
  }
  close(children[number].line);
  waitpid(children[number].keeper, 0, WNOHANG);
  atomic_store(&children[number].state, UNUSED);
  unblock(&before);
}
