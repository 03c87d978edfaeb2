/* What must not stay behind when a program ends: temporary files and folders, a terminal in raw mode, and what somebody else
 * registers. exit() undoes it, and so does a signal that ends the program, before it takes its course (not SIGKILL). C, because
 * a signal's handler may call nothing but system calls. */
#ifndef SICE_OUTPUT_H
#define SICE_OUTPUT_H

/* Makes an empty file with the permissions `mode` less the umask, and opens it for writing. `path` ends in XXXXXX, which
 * becomes its name. Returns its number here, or -1 with errno set. */
int sice_temporary_file(char *path, unsigned int mode, int *file);
/* Makes a folder for this user alone, of plain files; `path` as above. Returns its number here, or -1 with errno set. */
int sice_temporary_folder(char *path);
/* Removes it. A number of -1 is nothing, here and below. */
void sice_remove_temporary(int number);
/* Gives a file its name, which may be another file's. Returns 0, or -1 with errno set; then it is still temporary. */
int sice_rename_temporary(int number, const char *path);
/* Gives two files their names, or neither where the file system can exchange two names. Returns 0, or with errno set which
 * of them cannot be had: 1 or 2. */
int sice_rename_temporaries(int first, const char *first_path, int second, const char *second_path);

/* Makes the terminal of a file pass every key on. Returns 0, or -1 when it is none. One at a time. */
int sice_raw_terminal(int file);
/* Makes it as it was. */
void sice_restore_terminal(void);

/* Has this called, too, before all else is undone, perhaps by a handler and perhaps twice. One for the whole program. */
void sice_before_the_end(void (*action)(void));

/* For a program's start. Signals that end it do so from now on as said above. Keeps the numbers 0 to 2 from being given to other
 * files: one that is closed becomes a file that can be neither read nor written. A write beyond the limit of a file's size fails
 * from now on instead of ending the program. */
void sice_begin(void);
#endif
