#include "reference.h"

// The file itself is put into the program when it is built, so that help and reference are one text.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const char text[] = {
#embed "../../grammar/reference.md"
    , 0};

const char *rapport_reference_text(void) { return text; }
