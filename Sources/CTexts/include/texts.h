// Texts that the program carries. Each ends with a zero.

/// The text of grammar/reference.md, which `.help` shows parts of.
const char *_Nonnull rapport_reference_text(void);

/// How many lessons the course has: the files of examples/lessons.
int rapport_lesson_count(void);

/// The name of a lesson's file without its ending; places count from 0.
const char *_Nonnull rapport_lesson_name(int place);

/// The text of a lesson.
const char *_Nonnull rapport_lesson_text(int place);
