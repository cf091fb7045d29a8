#include <sqlite3.h>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What Swift does not import: variadic functions and macros that are casts. */

/* Switches one setting of a connection on or off. */
static inline int cs_db_config(sqlite3 *db, int op, int is_on) {
  return sqlite3_db_config(db, op, is_on, (int *)0);
}

/* Sets one setting of the whole library; only before its first use. */
static inline int cs_config(int op, int value) { return sqlite3_config(op, value); }

/* Says that SQLite has to copy a bound text, or may read it in place until the next reset. */
static inline sqlite3_destructor_type cs_transient(void) { return SQLITE_TRANSIENT; }
static inline sqlite3_destructor_type cs_static(void) { return SQLITE_STATIC; }

/* Exchanges what two paths name, in one step; 0 when it is done. Old kernels and some file systems
   cannot. */
static inline int cs_exchange_paths(const char *a, const char *b) {
#ifdef SYS_renameat2
  return (int)syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, 2);
#else
  return -1;
#endif
}
