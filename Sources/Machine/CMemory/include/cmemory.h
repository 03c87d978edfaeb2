/* memcpy, memmove, memset and memcmp for programs without a C library. Compilers call them on their own account; who
 * calls them in C brings a declaration. On the host this is empty. */
