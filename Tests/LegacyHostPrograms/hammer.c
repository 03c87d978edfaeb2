/* Keeps every CPU busy with interrupts until a file appears: a timer that fires four thousand times a second, barriers that
 * interrupt all CPUs which run one of its threads, and threads that move from CPU to CPU. Prints how many of each there
 * were. */
#define _GNU_SOURCE
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static atomic_long timers, barriers, moves;
static atomic_int calm;

static void on_timer(int signal) {
  (void)signal;
  timers++;
}

static void *work(void *argument) {
  unsigned int seed = (unsigned int)(size_t)argument;
  long cpus = sysconf(_SC_NPROCESSORS_CONF);
  while (!calm) {
    cpu_set_t target;
    CPU_ZERO(&target);
    CPU_SET(rand_r(&seed) % cpus, &target);
    /* Fails for a CPU that is offline. */
    if (sched_setaffinity(0, sizeof target, &target) == 0) moves++;
    if (syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0) barriers++;
    usleep(200);
  }
  return 0;
}

int main(int count, char **arguments) {
  if (count != 2) return 64;
  setpriority(PRIO_PROCESS, 0, 10);
  if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) != 0) return 1;
  struct sigaction action = {.sa_handler = on_timer, .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, 0);
  struct itimerval period = {{0, 250}, {0, 250}};
  setitimer(ITIMER_REAL, &period, 0);
  pthread_t threads[6];
  for (size_t i = 0; i < 6; i++)
    if (pthread_create(&threads[i], 0, work, (void *)(i + 1)) != 0) return 1;
  while (access(arguments[1], F_OK) != 0) usleep(10000);
  calm = 1;
  for (int i = 0; i < 6; i++) pthread_join(threads[i], 0);
  printf("%ld %ld %ld\n", timers, barriers, moves);
  return 0;
}
