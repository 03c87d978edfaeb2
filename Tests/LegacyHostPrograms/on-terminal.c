/* Runs a program on a terminal of its own, which shows what it writes on standard output, and types standard input.
 * Usage: on-terminal ROWS COLUMNS PROGRAM [ARGUMENT…]
 * A line "~size ROWS COLUMNS" is not typed: the terminal changes its size. Exit status: the program's. */
#define _GNU_SOURCE
#include <poll.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Types a line, or does what it says. */
static void take(int terminal, const char *line) {
  struct winsize size = {0};
  if (sscanf(line, "~size %hu %hu", &size.ws_row, &size.ws_col) == 2)
    ioctl(terminal, TIOCSWINSZ, &size);
  else if (write(terminal, line, strlen(line)) < 0)
    exit(70);
}

int main(int count, char **arguments) {
  if (count < 4) return 64;
  struct winsize size = {.ws_row = (unsigned short)atoi(arguments[1]), .ws_col = (unsigned short)atoi(arguments[2])};
  int terminal;
  pid_t child = forkpty(&terminal, 0, 0, &size);
  if (child < 0) return 70;
  if (child == 0) {
    execvp(arguments[3], arguments + 3);
    _exit(66);
  }
  char line[256], bytes[4096];
  struct pollfd files[] = {{.fd = terminal, .events = POLLIN}, {.fd = 0, .events = POLLIN}};
  setvbuf(stdin, 0, _IONBF, 0);
  while (poll(files, 2, -1) >= 0) {
    if (files[0].revents != 0) {
      ssize_t got = read(terminal, bytes, sizeof bytes);
      if (got <= 0) break; /* nobody has the terminal open any more */
      if (write(1, bytes, (size_t)got) != got) return 74;
    }
    if (files[1].revents != 0) {
      if (fgets(line, sizeof line, stdin) == 0)
        files[1].fd = -1;
      else
        take(terminal, line);
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 70;
}
