/* Programs that run beside this one and do not outlive it, whatever ends it: its own end, a signal, SIGKILL.
 *
 * Between this process and each program stands a keeper, a fork of this process that does nothing else. It holds one end of a
 * line (a pair of sockets) whose other end this process alone has: however this process ends, the kernel closes that end, and
 * the keeper ends the program and all that it started. Neither way without a keeper is enough: no handler runs at SIGKILL, and
 * PR_SET_PDEATHSIG speaks of the thread that started a program, which may end while the process goes on, reaches nothing that
 * the program started, and cannot be set by posix_spawn(). To the keeper, which has one thread, the program is tied by it, so
 * that it ends with a keeper that is killed, too.
 *
 * When this process ends in any other way than by SIGKILL it first waits until its programs have ended. C, because a signal's
 * handler, and a fork of a process with threads, may call nothing but system calls. */
#ifndef SICE_CHILDREN_H
#define SICE_CHILDREN_H

/* Starts a program, with no signal blocked. `words` are so many texts, each with a null behind it: the program's path, then its
 * arguments. It runs in `folder`, or here when that is empty. Its input is /dev/null, and both its outputs go to `output`. `lock`
 * is a file that stays open until it has ended, for a lock on it; -1 for none. Returns its number here, or -1 with errno set. */
int sice_child_start(const char *words, int count, const char *folder, int output, int lock);
/* Its process. */
int sice_child_identifier(int number);
/* Whether it, or something that it started, runs. */
int sice_child_is_running(int number);
/* Waits until it has ended, and what it started, too. Returns its status as waitpid() does. */
int sice_child_wait(int number);
/* Asks it to end, and makes it after two seconds; waits. */
void sice_child_stop(int number);
/* From now on it may outlive this process. */
void sice_child_detach(int number);
/* Its number has no meaning any more. It must have ended, or been let go. */
void sice_child_forget(int number);

#endif
