/* What only C can say about Linux: sockets, timers and signals in files, input that interrupts, terminals, programs. Functions
 * return 0 or a file or a count, or -1 with errno set. Swift calls those that take memory with spans, whose bounds it holds. */
#ifndef SICE_LINUX_CALLS_H
#define SICE_LINUX_CALLS_H
#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/* Only where the compiler's SafeInteropWrappers are on: others, and C, do not know the attribute here. */
#ifdef SICE_SPANS
#define SICE_COUNTED(count) __attribute__((__counted_by__(count)))
#else
#define SICE_COUNTED(count)
#endif
#define SICE_BORROWED __attribute__((noescape))

/* The address that a text means by numbers alone, of IPv6 or IPv4, with a port, as bytes (`sockaddr`). Returns the size of what it
 * wrote; -1 when the text is no such address. */
long sice_numeric_address(const uint8_t *SICE_COUNTED(count) text SICE_BORROWED, size_t count, uint16_t port,
                          uint8_t *SICE_COUNTED(size) address SICE_BORROWED, size_t size);
/* A socket's address as bytes. The last one returns the size of what it wrote. */
int sice_connect(int file, const uint8_t *SICE_COUNTED(size) address SICE_BORROWED, size_t size);
int sice_bind(int file, const uint8_t *SICE_COUNTED(size) address SICE_BORROWED, size_t size);
int sice_local_address(int file, uint8_t *SICE_COUNTED(size) address SICE_BORROWED, size_t size);
/* Takes a connection, closed on exec. */
int sice_accept(int listener);
/* What became of a connection: 0, or an error's number. */
int sice_connection_error(int file);
int sice_allow_address_reuse(int file);
/* Reads that wait end with EAGAIN after so long. */
int sice_set_read_patience(int file, long seconds);
/* A part of the bytes, without SIGPIPE. `waits`: also where the file does not. */
long sice_send(int file, const uint8_t *SICE_COUNTED(count) bytes SICE_BORROWED, size_t count, int waits);
/* What has come, without waiting. */
long sice_receive(int file, uint8_t *SICE_COUNTED(count) bytes SICE_BORROWED, size_t count);

/* Nanoseconds of a clock. */
uint64_t sice_clock(int clock);
/* A timer of the monotonic clock, as a file. */
int sice_timer_make(void);
/* Sets it to a time of that clock; 0 stops it. */
void sice_timer_set(int timer, uint64_t nanoseconds);

/* Waits until one of the files is ready, a signal comes, or so much time has passed; -1: for ever. Returns how many are. */
int sice_poll(struct pollfd *SICE_COUNTED(count) files SICE_BORROWED, size_t count, int milliseconds);
/* Returns when one of at most eight files can be read (−1 for none), or after so many nanoseconds; UINT64_MAX: never by
 * itself. */
void sice_wait_for_input(const int *SICE_COUNTED(count) files SICE_BORROWED, size_t count, uint64_t nanoseconds);
/* Makes input that arrives at this file interrupt the calling thread, by SIGIO; sice_input_came() says whether any did, at
 * any of these files, since it was last asked. */
int sice_tell_of_input(int file);
int sice_input_came(void);

/* A file that can be read once it was written, as often as that was; neither waits (eventfd). Eight bytes each way. */
int sice_event_make(void);
/* Keeps the signals by which a person or a supervisor ends a program from the calling thread and those that it starts from then on;
 * those that are ignored, as under nohup, stay so. A file that can be read once for each. */
int sice_hold_endings(void);

/* Starts a program, which may outlive this one. `words` are its path, then its arguments, each with a null behind it. Its input is
 * /dev/null. Returns its process. */
int sice_spawn(const uint8_t *SICE_COUNTED(size) words SICE_BORROWED, size_t size, int output, int errors);
/* Whether it has not ended; what it ended with is still to be asked for. */
int sice_spawned_runs(int process);
/* Waits for its end. Its exit status; -1 when a signal ended it. */
int sice_spawned_status(int process);

/* A file that can be read after each change of the terminal's size. */
int sice_window_changes(void);
/* The size of the terminal that a file is, in characters: rows in the upper half. */
long sice_window_size(int file);
#endif
