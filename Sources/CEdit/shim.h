/* libedit for Swift, which cannot call variadic functions and may not touch the globals stdin,
   stdout and stderr: one static inline function for each form of el_set that the editor uses. */
#include <stdio.h>
#include <wchar.h>
#include <histedit.h>

/* Hidden from Swift, which defines neither _XOPEN_SOURCE nor _GNU_SOURCE. */
extern int wcwidth(wchar_t);

typedef char *(*ce_prompt_fn)(EditLine *);
typedef unsigned char (*ce_key_fn)(EditLine *, wint_t);

/* Draws on standard output, or on standard error when that is the terminal. */
static inline EditLine *ce_init(const char *program, int draws_on_stderr) {
  return el_init(program, stdin, draws_on_stderr ? stderr : stdout, stderr);
}
/* `mark` stands before and after what takes no room in the prompt. */
static inline int ce_prompt(EditLine *e, ce_prompt_fn f, char mark) {
  return el_set(e, EL_PROMPT_ESC, f, (int)mark);
}
static inline int ce_editor(EditLine *e, const char *mode) { return el_set(e, EL_EDITOR, mode); }
static inline int ce_set_int(EditLine *e, int op, int v) { return el_set(e, op, v); }
static inline int ce_refresh(EditLine *e) { return el_set(e, EL_REFRESH); }
static inline int ce_setty(EditLine *e, const char *mode, const char *change) {
  return el_set(e, EL_SETTY, mode, change, (char *)0);
}
static inline int ce_set_client(EditLine *e, void *p) { return el_set(e, EL_CLIENTDATA, p); }
static inline void *ce_client(EditLine *e) {
  void *p = 0;
  el_get(e, EL_CLIENTDATA, &p);
  return p;
}
static inline int ce_bind(EditLine *e, const char *key, const char *function) {
  return el_set(e, EL_BIND, key, function, (char *)0);
}
/* The same in vi's command mode. */
static inline int ce_bind_command(EditLine *e, const char *key, const char *function) {
  return el_set(e, EL_BIND, "-a", key, function, (char *)0);
}
static inline int ce_is_vi(EditLine *e) {
  const char *mode = 0;
  return el_get(e, EL_EDITOR, &mode) == 0 && mode && mode[0] == 'v';
}
static inline int ce_addfn(EditLine *e, const char *name, const char *help, ce_key_fn f) {
  return el_set(e, EL_ADDFN, name, help, f);
}
static inline int ce_getcfn(EditLine *e, el_rfunc_t f) { return el_set(e, EL_GETCFN, f); }
