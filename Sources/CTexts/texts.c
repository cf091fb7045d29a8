#include "texts.h"

// The files themselves are put into the program when it is built, so that it needs none and there is
// one text of each.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const char reference[] = {
#embed "../../grammar/reference.md"
    , 0};

static const char lesson1[] = {
#embed "../../examples/lessons/01-stages.md"
    , 0};
static const char lesson2[] = {
#embed "../../examples/lessons/02-value.md"
    , 0};
static const char lesson3[] = {
#embed "../../examples/lessons/03-acquisition.md"
    , 0};
static const char lesson4[] = {
#embed "../../examples/lessons/04-complaints.md"
    , 0};
static const char lesson5[] = {
#embed "../../examples/lessons/05-cover.md"
    , 0};
static const char lesson6[] = {
#embed "../../examples/lessons/06-pareto.md"
    , 0};
static const char lesson7[] = {
#embed "../../examples/lessons/07-win-back.md"
    , 0};
static const char lesson8[] = {
#embed "../../examples/lessons/08-moments.md"
    , 0};
static const char lesson9[] = {
#embed "../../examples/lessons/09-service-gaps.md"
    , 0};
static const char lesson10[] = {
#embed "../../examples/lessons/10-ladder.md"
    , 0};
static const char lesson11[] = {
#embed "../../examples/lessons/11-early-warning.md"
    , 0};
static const char lesson12[] = {
#embed "../../examples/lessons/12-forecast.md"
    , 0};

// In the order of the course.
static const struct {
  const char *name;
  const char *text;
} lessons[] = {
    {"01-stages", lesson1},
    {"02-value", lesson2},
    {"03-acquisition", lesson3},
    {"04-complaints", lesson4},
    {"05-cover", lesson5},
    {"06-pareto", lesson6},
    {"07-win-back", lesson7},
    {"08-moments", lesson8},
    {"09-service-gaps", lesson9},
    {"10-ladder", lesson10},
    {"11-early-warning", lesson11},
    {"12-forecast", lesson12},
};

const char *rapport_reference_text(void) { return reference; }

int rapport_lesson_count(void) { return sizeof lessons / sizeof *lessons; }

const char *rapport_lesson_name(int place) { return lessons[place].name; }

const char *rapport_lesson_text(int place) { return lessons[place].text; }
