#define _GNU_SOURCE
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Milliseconds for a program that is asked to end, and between two looks at what it left. */
enum { PATIENCE = 2000, LOOK = 5 };

struct keeper {
  pid_t program;
  int line, signals;
  int is_detached;
  /* When it is made to end; 0 while nobody asked it. */
  long deadline;
};

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000 + 1;
}

/* In the new process, which shares the keeper's memory until the program takes its place. */
static int become(const struct sice_program *program, pid_t keeper) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  /* The keeper may have been killed before that. */
  if (getppid() != keeper) return ESRCH;
  int null = open("/dev/null", O_RDONLY);
  if (null < 0 || dup2(null, 0) < 0) return errno;
  if (dup2(program->output, 1) < 0 || dup2(program->output, 2) < 0) return errno;
  /* Held by the program, too: whoever gets the lock finds nothing of it, even when the keeper is killed. */
  if (program->lock >= 0) fcntl(program->lock, F_SETFD, 0);
  if (*program->folder && chdir(program->folder) != 0) return errno;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, 0);
  extern char **environ;
  execve(program->path, program->arguments, environ);
  return errno;
}

static void start(const struct sice_program *program, struct sice_finding *finding) {
  pid_t keeper = getpid();
  volatile int error = 0;
  pid_t identifier = vfork();
  if (identifier == 0) {
    error = become(program, keeper);
    _exit(127);
  }
  if (identifier < 0) error = errno;
  if (error && identifier > 0) waitpid(identifier, 0, 0);
  finding->error = error;
  finding->identifier = error ? 0 : identifier;
}

/* Whatever else this process has open: others wait for the end of it. An end of another program's line above all, which would
 * keep that program alive. */
static void close_others(const int *kept, int count) {
  unsigned int from = 3;
  for (int i = 0; i < count; i++) {
    if (kept[i] < (int)from) continue;
    if (kept[i] > (int)from && close_range(from, kept[i] - 1, 0) != 0) break;
    from = kept[i] + 1;
  }
  if (close_range(from, ~0U, 0) == 0) return;
  /* A kernel before 5.9. More files than that this process never has. */
  for (int file = 3; file < 65536; file++) {
    int is_kept = 0;
    for (int i = 0; i < count; i++) is_kept |= kept[i] == file;
    if (!is_kept) close(file);
  }
}

static void sort(int *files, int count) {
  for (int i = 1; i < count; i++)
    for (int j = i; j > 0 && files[j] < files[j - 1]; j--) {
      int file = files[j];
      files[j] = files[j - 1];
      files[j - 1] = file;
    }
}

/* The kernel's own, of x86-64 (linux/arch/x86/include/uapi/asm/signal.h). */
struct kernel_sigaction {
  uintptr_t handler;
  unsigned long flags;
  uintptr_t restorer;
  uint64_t mask;
};

/* Not the C library's: for SIGABRT it waits, since glibc 2.41, for all threads that are starting programs, of which only copies
 * of their locks are here. */
static int change_signal(int number, const struct kernel_sigaction *action, struct kernel_sigaction *before) {
  return syscall(SYS_rt_sigaction, number, action, before, sizeof action->mask);
}

/* This program's handlers undo what is another process's to undo; what is ignored stays so, but where it is, a program that ends
 * has no status. */
static void reset_handlers(void) {
  const struct kernel_sigaction usual = {0};
  for (int number = 1; number < NSIG; number++) {
    struct kernel_sigaction action;
    if (change_signal(number, 0, &action) != 0 || action.handler == (uintptr_t)SIG_DFL) continue;
    if (action.handler != (uintptr_t)SIG_IGN || number == SIGCHLD) change_signal(number, &usual, 0);
  }
}

/* Who asks the keeper to end asks for the end of its program. */
static int open_signals(void) {
  static const int numbers[] = {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM};
  sigset_t set;
  sigemptyset(&set);
  for (unsigned int i = 0; i < sizeof numbers / sizeof *numbers; i++) sigaddset(&set, numbers[i]);
  return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void ask_to_end(struct keeper *keeper) {
  if (keeper->deadline) return;
  keeper->deadline = now() + PATIENCE;
  kill(-keeper->program, SIGTERM);
  /* One that is stopped could not hear it. */
  kill(-keeper->program, SIGCONT);
}

static void hear_line(struct keeper *keeper) {
  char word = STOP;
  ssize_t count = read(keeper->line, &word, 1);
  if (count < 0 && errno == EINTR) return;
  if (count != 1) keeper->line = -1;
  if (count == 1 && word == DETACH) {
    keeper->is_detached = 1;
  } else if (count == 1 || !keeper->is_detached) {
    ask_to_end(keeper);
  }
}

static void hear_signals(struct keeper *keeper) {
  struct signalfd_siginfo signal;
  while (read(keeper->signals, &signal, sizeof signal) == sizeof signal)
    if (signal.ssi_signo != SIGCHLD) ask_to_end(keeper);
}

/* Whether the program has ended; what it left is collected. The program itself stays known to the system. */
static int has_ended(const struct keeper *keeper) {
  for (;;) {
    siginfo_t found = {.si_pid = 0};
    if (waitid(P_ALL, 0, &found, WEXITED | WNOHANG | WNOWAIT) != 0) return errno != EINTR;
    if (found.si_pid == 0) return 0;
    if (found.si_pid == keeper->program) return 1;
    waitpid(found.si_pid, 0, 0);
  }
}

static void wait_for_end(struct keeper *keeper) {
  while (!has_ended(keeper)) {
    struct pollfd files[] = {{.fd = keeper->line, .events = POLLIN}, {.fd = keeper->signals, .events = POLLIN}};
    long left = keeper->deadline ? keeper->deadline - now() : -1;
    if (keeper->deadline && left <= 0) {
      kill(-keeper->program, SIGKILL);
      left = LOOK;
    }
    if (poll(files, 2, left) <= 0) continue;
    if (files[0].revents) hear_line(keeper);
    if (files[1].revents) hear_signals(keeper);
  }
}

/* Kills what the program started and left, which the kernel gave to the keeper when its parent ended. Returns how many
 * bytes name it; where the kernel does not tell, nothing can be done. */
static ssize_t kill_leftovers(void) {
  char text[4096];
  int file = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  ssize_t count = file < 0 ? 0 : read(file, text, sizeof text);
  pid_t process = 0;
  for (ssize_t i = 0; i < count; i++) {
    if (text[i] >= '0' && text[i] <= '9') {
      process = process * 10 + (text[i] - '0');
    } else {
      if (process > 1) kill(process, SIGKILL);
      process = 0;
    }
  }
  if (file >= 0) close(file);
  return count;
}

static void end_leftovers(void) {
  pid_t process;
  while ((process = waitpid(-1, 0, WNOHANG)) >= 0 || errno == EINTR) {
    if (process > 0) continue;
    if (kill_leftovers() <= 0) return;
    poll(0, 0, LOOK);
  }
}

void sice_keep(const struct sice_program *program, struct sice_finding *finding, int line) {
  prctl(PR_SET_NAME, "sice-keeper");
  /* A terminal's signals are for the process that it keeps the program of. */
  setsid();
  /* What loses its parent comes here. */
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  reset_handlers();
  int kept[] = {line, program->output, program->lock};
  sort(kept, 3);
  close_others(kept, 3);
  struct keeper keeper = {.line = line, .signals = open_signals()};
  start(program, finding);
  close(program->output);
  keeper.program = finding->identifier;
  send(line, "", 1, MSG_NOSIGNAL);
  if (finding->error) _exit(0);
  wait_for_end(&keeper);
  /* While the program is known its group's number is nobody else's. */
  kill(-keeper.program, SIGKILL);
  waitpid(keeper.program, &finding->status, 0);
  end_leftovers();
  _exit(0);
}
