/// The text of grammar/reference.md, which `.help` shows parts of; ends with a zero.
const char *_Nonnull rapport_reference_text(void);
